"""What children's social care opens by its private link: /social-care/."""

from django.urls import path

from kith.casework.views import social_care

app_name = "step_up"
urlpatterns = [
    path("", social_care.page, name="page"),
    path("open/<str:secret>/", social_care.link, name="link"),
    path("request.pdf", social_care.pdf, name="pdf"),
    path("receipt/", social_care.receipt, name="receipt"),
    path("decision/", social_care.decision, name="decision"),
    path("leave/", social_care.leave, name="leave"),
]
