"""Addresses. Each module keeps its own; this page only says where they hang."""

from django.urls import include, path

from kith.casework.views import referring
from kith.casework.views.desk import at_desk
from kith.casework.views.measuring import of_sender
from kith.referrals.urls import urlpatterns as requests
from kith.scrutiny.views import moderngov

# The desk's page of one request says what the hubs know of the family: casework serves it, since
# pages live in the highest room they speak of.
# So does the page on which whoever sent a request says what they think of what came of it.
front_door = [
    path("desk/<reference:reference>/", at_desk, name="at_desk"),
    path("desk/<reference:reference>/services/ask/", referring.send_on, name="send_on_to_service"),
    path("desk/<reference:reference>/services/<int:pk>/", referring.went, name="service_went"),
    path("sent/<reference:reference>/feedback/", of_sender, name="feedback"),
    *requests,
]

urlpatterns = [
    path("accounts/", include("kith.accounts.sign_in_urls")),
    path("accounts/", include("allauth.urls")),
    path("people/", include("kith.accounts.urls")),
    path("audit/", include("kith.families.log_urls")),
    path("jobs/", include("kith.jobs.urls")),
    path("notices/", include("kith.notices.urls")),
    path("places/", include("kith.places.urls")),
    path("hubs/", include("kith.hubs.urls")),
    path("partners/", include("kith.partners.urls")),
    path("api/oruk/v3", include("kith.directory.api")),
    path("families/", include("kith.families.urls")),
    path("requests/", include((front_door, "referrals"))),
    path("api/v1/", include("kith.referrals.api")),
    path("cases/", include("kith.casework.urls")),
    path("our-page/", include("kith.casework.own_page_urls")),
    path("field/", include("kith.field.urls")),
    path("supports/", include("kith.supports.urls")),
    path("our-team/", include("kith.casework.our_team_urls")),
    path("asked/", include("kith.casework.asked_urls")),
    path("social-care/", include("kith.casework.social_care_urls")),
    path("case-studies/", include("kith.casestudies.urls")),
    path("committee/recommendations/", include("kith.scrutiny.recommendation_urls")),
    path("committee/reviews/", include("kith.scrutiny.visit_urls")),
    path("returns/", include("kith.returns.urls")),
    path("figures/attainment/", include("kith.places.attainment_urls")),
    path("committee/", include("kith.scrutiny.urls")),
    path("committees/", include("kith.scrutiny.public_urls")),
    path("mgWebService.asmx/<str:operation>", moderngov.service, name="moderngov"),
    path("ieListDocuments.aspx", moderngov.old_meeting, name="moderngov_meeting"),
    path("mgAi.aspx", moderngov.old_item, name="moderngov_item"),
    path("oparl/", include("kith.scrutiny.oparl_urls")),
    # Last: of these each address is tried, one after the other.
    path("", include("kith.directory.urls")),
    path("", include("kith.web.urls")),
]

handler400 = "kith.web.problems.bad_request"
handler403 = "kith.web.problems.refused"
handler404 = "kith.web.problems.not_found"
handler500 = "kith.web.problems.broken"
