"""Addresses of long work."""

from django.urls import path

from kith.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("all/", views.everyones, name="all"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/progress/", views.progress, name="progress"),
    path("<uuid:pk>/stop/", views.cancel, name="cancel"),
    path("<uuid:pk>/again/", views.again, name="again"),
]
