"""Addresses of partners."""

from django.urls import path

from kith.partners import views

app_name = "partners"
urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("add/", views.add, name="add"),
    path("<int:pk>/", views.organisation, name="organisation"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/team/", views.give_team, name="give_team"),
]
