"""Addresses. Each module keeps its own; this page only says where they hang."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("people/", include("kith.accounts.urls")),
    path("audit/", include("kith.audit.urls")),
    path("jobs/", include("kith.jobs.urls")),
    path("notices/", include("kith.notices.urls")),
    path("places/", include("kith.places.urls")),
    path("hubs/", include("kith.hubs.urls")),
    path("partners/", include("kith.partners.urls")),
    path("families/", include("kith.families.urls")),
    path("requests/", include("kith.referrals.urls")),
    path("cases/", include("kith.casework.urls")),
    path("", include("kith.web.urls")),
]
