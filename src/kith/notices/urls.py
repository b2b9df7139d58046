"""Addresses of the outbox and the words."""

from django.urls import path

from kith.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/again/", views.send_again, name="send_again"),
    path("words/", views.wordings, name="wordings"),
    path("words/<str:key>/<slug:channel>/", views.wording, name="wording"),
    path("words/<str:key>/<slug:channel>/restore/", views.restore, name="restore"),
    path("mail/", views.letter_box, name="letter_box"),
    path("mail/<uuid:pk>/", views.letter, name="letter"),
]
