"""Reviews, their visits and what comes of them: /committee/reviews/."""

from django.urls import path

from kith.scrutiny.views import notes, practice, reports, themes, visits

app_name = "visits"
urlpatterns = [
    path("", visits.listed, name="reviews"),
    path("new/", visits.new, name="new"),
    path("<uuid:uid>/", visits.one, name="review"),
    path("<uuid:uid>/change/", visits.change, name="change"),
    path("<uuid:uid>/guide/", visits.guide, name="guide"),
    path("<uuid:uid>/guide/pdf/", visits.guide_pdf, name="guide_pdf"),
    path("<uuid:uid>/visits/new/", visits.visit_new, name="visit_new"),
    path("<uuid:uid>/visits/every-hub/", visits.suggest, name="suggest"),
    path("<uuid:uid>/practice/", practice.of_review, name="of_review"),
    path("<uuid:uid>/practice/new/", practice.new, name="practice_new"),
    path("practice/", practice.listed, name="practices"),
    path("practice/<uuid:uid>/", practice.one, name="practice"),
    path("practice/<uuid:uid>/change/", practice.change, name="practice_change"),
    path("practice/<uuid:uid>/take-up/", practice.take_up, name="take_up"),
    path("practice/<uuid:uid>/stop/<int:pk>/", practice.stop, name="practice_stop"),
    path("<uuid:uid>/report/", reports.report, name="report"),
    path("<uuid:uid>/report/pdf/", reports.draft, name="report_draft"),
    path("<uuid:uid>/report/put/", reports.put, name="report_put"),
    path("<uuid:uid>/report/publish/", reports.publish, name="report_publish"),
    path("<uuid:uid>/report/withdraw/", reports.withdraw, name="report_withdraw"),
    path("<uuid:uid>/themes/", themes.themes, name="themes"),
    path("<uuid:uid>/themes/propose/", themes.propose, name="propose"),
    path("themes/<uuid:uid>/", themes.theme, name="theme"),
    path("themes/<uuid:uid>/write/", themes.write, name="theme_write"),
    path("themes/<uuid:uid>/merge/", themes.merge, name="theme_merge"),
    path("themes/<uuid:uid>/evidence/", themes.evidence_new, name="evidence_new"),
    path("themes/<uuid:uid>/agreed/", themes.agree, name="theme_agree"),
    path("themes/<uuid:uid>/open-again/", themes.open_again, name="theme_open"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/change/", visits.visit_change, name="visit_change"),
    path("visits/<int:pk>/cancel/", visits.visit_cancel, name="visit_cancel"),
    path("visits/<int:pk>/join/", visits.join, name="join"),
    path("visits/<int:pk>/put-down/", visits.put_down, name="put_down"),
    path("visits/<int:pk>/take-off/<int:member>/", visits.take_off, name="take_off"),
    path("visits/<int:pk>/went/", visits.went, name="went"),
    path("visits/<int:pk>/notes/", notes.notes, name="notes"),
    path("visits/<int:pk>/photos/new/", notes.photo_new, name="photo_new"),
    path("photos/<uuid:key>/", notes.photo, name="photo"),
    path("photos/<uuid:key>/remove/", notes.photo_remove, name="photo_remove"),
]
