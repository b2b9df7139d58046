"""Recommendations, from the draft to what changed: /committee/recommendations/."""

from django.urls import path

from kith.scrutiny.views import answering, tracker
from kith.scrutiny.views import recommendations as views

app_name = "recommendations"
urlpatterns = [
    path("", views.listed, name="listed"),
    path("new/", views.new, name="new"),
    # For everybody
    path("public/", tracker.listed, name="public"),
    path("public/<uuid:uid>/", tracker.one, name="public_one"),
    # Of owners without an account
    path("answer/", answering.by_link, name="by_link"),
    path("answer/<str:secret>/", answering.link, name="link"),
    path("paper/<uuid:item>/", views.draw, name="draw"),
    path("promised/<int:pk>/done/", answering.done, name="done"),
    path("measures/<int:pk>/remove/", views.unmeasure, name="unmeasure"),
    path("files/<uuid:uid>/", answering.file, name="file"),
    path("files/<uuid:uid>/withdraw/", answering.withdraw_file, name="withdraw_file"),
    path("<uuid:uid>/", views.one, name="one"),
    path("<uuid:uid>/change/", views.change, name="change"),
    path("<uuid:uid>/agree/", views.agree, name="agree"),
    path("<uuid:uid>/put-away/", views.drop, name="drop"),
    path("<uuid:uid>/take-up/", views.take_up, name="take_up"),
    path("<uuid:uid>/together/", views.together, name="together"),
    path("<uuid:uid>/part/", views.part, name="part"),
    path("<uuid:uid>/send/", views.send, name="send"),
    path("<uuid:uid>/answer/", answering.answer, name="answer"),
    path("<uuid:uid>/promise/", answering.promise, name="promise"),
    path("<uuid:uid>/progress/", answering.progress, name="progress"),
    path("<uuid:uid>/back/", views.back, name="back"),
    path("<uuid:uid>/stop/", views.stop, name="stop"),
    path("<uuid:uid>/publish/", views.publish, name="publish"),
    path("<uuid:uid>/unpublish/", views.unpublish, name="unpublish"),
    path("<uuid:uid>/measure/", views.measure, name="measure"),
]
