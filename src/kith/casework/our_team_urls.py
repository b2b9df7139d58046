"""A partner's part in the team around a family, for whoever has no account: /our-team/."""

from django.urls import path

from kith.casework.views import our_team

app_name = "our_team"
urlpatterns = [
    path("", our_team.page, name="page"),
    path("open/<str:secret>/", our_team.link, name="link"),
    path("meeting/<int:seat>/", our_team.page_answer, name="answer"),
    path("action/<int:pk>/done/", our_team.page_done, name="done"),
    path("assessment/", our_team.page_assessment, name="assessment"),
    path("assessment.pdf", our_team.page_assessment_pdf, name="assessment_pdf"),
    path("leave/", our_team.leave, name="leave"),
]
