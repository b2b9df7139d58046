"""Cases, by their reference: /cases/C-2026-004217/."""

from django.urls import path

from kith.casework.views import assessment, assessment_form, case, desk, family, hub, plan

app_name = "casework"
urlpatterns = [
    path("", hub.mine, name="cases"),
    path("waiting/", hub.inbox, name="inbox"),
    path("to-reach/", hub.to_reach, name="to_reach"),
    path("open/", hub.open_cases, name="open"),
    path("stuck/", hub.stuck, name="stuck"),
    path("workers/", hub.workers, name="workers"),
    path("accept/<str:reference>/", desk.accept, name="accept"),
    path("find/<str:reference>/", case.find, name="find"),
    path("family/<str:reference>/", family.family, name="family"),
    path("our-actions/", plan.my_actions, name="my_actions"),
    path("actions/<int:pk>/done/", plan.action_done, name="action_done"),
    path("actions/<int:pk>/drop/", plan.action_drop, name="action_drop"),
    path("actions/<int:pk>/day/", plan.action_day, name="action_day"),
    path("to-sign/", assessment.to_sign, name="to_sign"),
    path("assessment-form/", assessment_form.versions, name="assessment_form"),
    path("assessment-form/question/", assessment_form.question, name="assessment_form_question"),
    path("assessment-form/release/", assessment_form.release, name="assessment_form_release"),
    path(
        "assessment-form/<str:section>/<str:key>/out/",
        assessment_form.take_out,
        name="assessment_form_take_out",
    ),
    path("assessments/<int:pk>/", assessment.assessment, name="assessment"),
    path("assessments/<int:pk>/part/<str:key>/", assessment.part, name="assessment_part"),
    path("assessments/<int:pk>/decide/<int:number>/", assessment.clash, name="assessment_clash"),
    path("assessments/<int:pk>/send/", assessment.send, name="assessment_send"),
    path("assessments/<int:pk>/sign/", assessment.sign, name="assessment_sign"),
    path("assessments/<int:pk>/back/", assessment.back, name="assessment_back"),
    path("assessments/<int:pk>/discard/", assessment.discard, name="assessment_discard"),
    path("assessments/<int:pk>/pdf/", assessment.pdf, name="assessment_pdf"),
    path("<str:reference>/", case.case, name="case"),
    path("<str:reference>/assessment/", assessment.start, name="assessment_start"),
    path("<str:reference>/give/", case.give, name="give"),
    path("<str:reference>/contact/", case.contact, name="contact"),
    path("<str:reference>/note/", case.note, name="note"),
    path("<str:reference>/note/<int:pk>/", case.addition, name="addition"),
    path("<str:reference>/goal/", plan.goal, name="goal"),
    path("<str:reference>/goal/<int:pk>/end/", plan.goal_end, name="goal_end"),
    path("<str:reference>/review/", plan.review, name="review"),
    path("<str:reference>/action/", plan.plan, name="plan"),
    path("<str:reference>/hand-over/", case.hand_over, name="hand_over"),
    path("<str:reference>/close/", case.close, name="close"),
    path("<str:reference>/reopen/", case.reopen, name="reopen"),
    path("<str:reference>/letter/", case.letter, name="letter"),
]
