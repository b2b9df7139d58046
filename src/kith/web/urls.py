"""The shell: the way in, each role's own page, and pages that span modules."""

from django.conf import settings
from django.urls import path

from kith.web import health, pictures, views, yardstick

urlpatterns = [
    path("", views.start, name="start"),
    path("today/", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("offer/", views.offer_board, name="offer_board"),
    path("directory/asked-for/", views.asked_for, name="asked_for"),
    path("directory/<uuid:uid>/sent/", views.service_sent, name="service_sent"),
    path("offer/<slug:slug>/<slug:code>/standard/", views.offer_standard, name="offer_standard"),
    path("offer-picture/", pictures.picture, name="board_picture"),
    path("offer-picture/board.<slug:kind>", pictures.file, name="board_file"),
    path("offer-picture/keep/", pictures.keep, name="keep_board"),
    path("offer-picture/kept/<uuid:uid>/", pictures.kept, name="kept_board"),
    path(
        "offer-picture/kept/<uuid:uid>/board.<slug:kind>",
        pictures.kept_file,
        name="kept_board_file",
    ),
    path("figures/", views.figures, name="figures"),
    path("figures/<slug:key>/", views.figure, name="figure"),
    path("figures/<slug:key>/download.csv", views.figure_csv, name="figure_csv"),
    path("settings/", views.county_settings, name="county_settings"),
    path("settings/look/", views.look, name="look"),
    path("look.css", views.look_css, name="look_css"),
    path("health", health.health, name="health"),
]
if settings.KITH_YARDSTICK:
    urlpatterns.append(path(yardstick.ADDRESS, yardstick.yardstick))
