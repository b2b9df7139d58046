"""Addresses of families: looking people up, putting records together, and parting them."""

from django.urls import URLPattern, URLResolver, path

from kith.families.views import emergency, merging, searching

app_name = "families"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", searching.search, name="search"),
    path("emergency/", emergency.look, name="emergency"),
    path("emergencies/", emergency.looks, name="emergencies"),
    path("emergencies/<int:pk>/", emergency.review, name="review_emergency"),
    path("merges/", merging.merges, name="merges"),
    path("merges/<int:pk>/undo/", merging.undo, name="undo_merge"),
    path("compare/<str:kept>/<str:gone>/", merging.compare, name="compare"),
    path("<str:reference>/same-person/", merging.same_person, name="same_person"),
    path("not-same/<int:first>/<int:second>/", merging.not_same, name="not_same"),
]
