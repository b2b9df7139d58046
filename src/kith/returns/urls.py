"""Addresses of returns."""

from django.urls import path

from kith.returns import views

app_name = "returns"
urlpatterns = [
    path("", views.listed, name="listed"),
    path("read/", views.read, name="read"),
    path("ask/<slug:kind>/", views.ask, name="ask"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/file/", views.take, name="take"),
    path("<uuid:pk>/forget/", views.forget, name="forget"),
]
