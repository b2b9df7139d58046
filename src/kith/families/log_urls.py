"""Addresses of the log: who did and saw what. The log itself is kept by `audit`, below."""

from django.urls import path

from kith.families.views import log

app_name = "audit"
urlpatterns = [
    path("", log.done, name="log"),
    path("seen/", log.seen, name="seen"),
    path("download.csv", log.download, name="download"),
]
