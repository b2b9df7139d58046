"""Addresses of places."""

from django.urls import path

from kith.places import views

app_name = "places"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("import/<slug:key>/", views.upload, name="upload"),
    path("uploaded/<uuid:pk>/", views.uploaded, name="uploaded"),
    path("uploaded/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("neighbourhoods/", views.neighbourhoods, name="neighbourhoods"),
    path("neighbourhoods/<str:code>/", views.neighbourhood, name="neighbourhood"),
]
