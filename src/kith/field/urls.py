"""In the field: /field/. The service worker's own address gives it the pages below that."""

from django.urls import path

from kith.field import views

app_name = "field"
urlpatterns = [
    path("", views.today, name="today"),
    path("with-me/", views.with_me, name="with_me"),
    path("worker.js", views.worker, name="worker"),
    path("manifest.json", views.manifest, name="manifest"),
    path("state/", views.state, name="state"),
    path("pack/", views.pack, name="pack"),
    path("entries/", views.entries, name="entries"),
    path("visits/new/", views.visit_new, name="visit_new"),
    path("visits/<int:pk>/", views.came_of_it, name="came_of_it"),
    path("visits/not-written/", views.not_written, name="not_written"),
    path("devices/<uuid:pk>/end/", views.device_end, name="device_end"),
]
