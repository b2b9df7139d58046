"""Addresses of Key Stage 2 results."""

from django.urls import path

from kith.places import attainment_views as views

app_name = "attainment"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("districts/", views.districts, name="districts"),
    path("schools/", views.schools, name="schools"),
    path("schools/<int:urn>/", views.school, name="school"),
    path("years/", views.years, name="years"),
    path("download.csv", views.download, name="download"),
]
