"""Case studies: /case-studies/."""

from django.urls import path

from kith.casestudies import views

app_name = "casestudies"
urlpatterns = [
    path("", views.listed, name="listed"),
    path("case/<str:reference>/", views.of_case, name="of_case"),
    path("case/<str:reference>/begin/", views.begin, name="begin"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/write/", views.write, name="write"),
    path("<int:pk>/stays/", views.stays, name="stays"),
    path("<int:pk>/send/", views.send, name="send"),
    path("<int:pk>/send-back/", views.send_back, name="send_back"),
    path("<int:pk>/release/", views.release, name="release"),
    path("<int:pk>/rewrite/", views.rewrite, name="rewrite"),
    path("<int:pk>/drop/", views.drop, name="drop"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("released/<uuid:pk>/", views.read, name="read"),
    path("released/<uuid:pk>/pdf/", views.pdf, name="pdf"),
]
