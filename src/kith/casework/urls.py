"""Cases, by their reference: /cases/C-2026-004217/."""

from django.urls import path

from kith.casework import views

app_name = "casework"
urlpatterns = [
    path("", views.mine, name="cases"),
    path("waiting/", views.inbox, name="inbox"),
    path("to-reach/", views.to_reach, name="to_reach"),
    path("open/", views.open_cases, name="open"),
    path("workers/", views.workers, name="workers"),
    path("accept/<str:reference>/", views.accept, name="accept"),
    path("family/<str:reference>/", views.family, name="family"),
    path("our-actions/", views.my_actions, name="my_actions"),
    path("actions/<int:pk>/done/", views.action_done, name="action_done"),
    path("actions/<int:pk>/drop/", views.action_drop, name="action_drop"),
    path("actions/<int:pk>/day/", views.action_day, name="action_day"),
    path("<str:reference>/", views.case, name="case"),
    path("<str:reference>/give/", views.give, name="give"),
    path("<str:reference>/contact/", views.contact, name="contact"),
    path("<str:reference>/note/", views.note, name="note"),
    path("<str:reference>/note/<int:pk>/", views.addition, name="addition"),
    path("<str:reference>/action/", views.plan, name="plan"),
    path("<str:reference>/hand-over/", views.hand_over, name="hand_over"),
    path("<str:reference>/close/", views.close, name="close"),
    path("<str:reference>/reopen/", views.reopen, name="reopen"),
    path("<str:reference>/letter/", views.letter, name="letter"),
]
