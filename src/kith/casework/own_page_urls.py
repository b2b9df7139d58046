"""The family's own page: /our-page/."""

from django.urls import path

from kith.casework.views import measuring, own_page

app_name = "own_page"
urlpatterns = [
    path("", own_page.page, name="page"),
    path("open/<str:secret>/", own_page.link, name="link"),
    path("plan.pdf", own_page.plan, name="plan"),
    path("action/<int:pk>/", own_page.action, name="action"),
    path("assessment/<int:pk>.pdf", own_page.assessment, name="assessment"),
    path("feedback/", measuring.of_family, name="feedback"),
    path("leave/", own_page.leave, name="leave"),
    path("agreement/<int:pk>/", own_page.take_back, name="take_back"),
]
