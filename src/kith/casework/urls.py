"""Cases, by their reference: /cases/C-2026-004217/."""

from django.urls import path

from kith.casework.views import case, desk, family, hub, plan

app_name = "casework"
urlpatterns = [
    path("", hub.mine, name="cases"),
    path("waiting/", hub.inbox, name="inbox"),
    path("to-reach/", hub.to_reach, name="to_reach"),
    path("open/", hub.open_cases, name="open"),
    path("workers/", hub.workers, name="workers"),
    path("accept/<str:reference>/", desk.accept, name="accept"),
    path("family/<str:reference>/", family.family, name="family"),
    path("our-actions/", plan.my_actions, name="my_actions"),
    path("actions/<int:pk>/done/", plan.action_done, name="action_done"),
    path("actions/<int:pk>/drop/", plan.action_drop, name="action_drop"),
    path("actions/<int:pk>/day/", plan.action_day, name="action_day"),
    path("<str:reference>/", case.case, name="case"),
    path("<str:reference>/give/", case.give, name="give"),
    path("<str:reference>/contact/", case.contact, name="contact"),
    path("<str:reference>/note/", case.note, name="note"),
    path("<str:reference>/note/<int:pk>/", case.addition, name="addition"),
    path("<str:reference>/action/", plan.plan, name="plan"),
    path("<str:reference>/hand-over/", case.hand_over, name="hand_over"),
    path("<str:reference>/close/", case.close, name="close"),
    path("<str:reference>/reopen/", case.reopen, name="reopen"),
    path("<str:reference>/letter/", case.letter, name="letter"),
]
