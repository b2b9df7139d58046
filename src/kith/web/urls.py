"""The shell: the way in, each role's own page, and pages that span modules."""

from django.conf import settings
from django.urls import path

from kith.web import health, views, yardstick

urlpatterns = [
    path("", views.start, name="start"),
    path("today/", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("offer/", views.offer_board, name="offer_board"),
    path("offer/<slug:slug>/<slug:code>/standard/", views.offer_standard, name="offer_standard"),
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
