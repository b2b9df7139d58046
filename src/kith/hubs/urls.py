"""Addresses of hubs. `actions.hubs.RESERVED` keeps the names of pages free."""

from django.urls import path

from kith.hubs import views

app_name = "hubs"
urlpatterns = [
    path("", views.hubs, name="hubs"),
    path("new/", views.new, name="new"),
    path("areas/", views.areas, name="areas"),
    path("areas/without-hub/", views.without_hub, name="without_hub"),
    path("promises/", views.promises, name="promises"),
    path("days/add/", views.add_closed_day, name="add_closed_day"),
    path("days/bank-holidays/", views.add_bank_holidays, name="add_bank_holidays"),
    path("days/<int:pk>/remove/", views.remove_closed_day, name="remove_closed_day"),
    path("posts/<int:pk>/", views.change_post, name="change_post"),
    path("<slug:slug>/", views.hub, name="hub"),
    path("<slug:slug>/change/", views.change, name="change"),
    path("<slug:slug>/posts/add/", views.add_post, name="add_post"),
    path("<slug:slug>/area/", views.area, name="area"),
]
