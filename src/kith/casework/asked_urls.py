"""What a service that is asked to take a family opens by its private link: /asked/."""

from django.urls import path

from kith.casework.views import referring

app_name = "asked"
urlpatterns = [
    path("", referring.page, name="page"),
    path("open/<str:secret>/", referring.link, name="link"),
    path("leave/", referring.leave, name="leave"),
]
