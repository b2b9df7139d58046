"""The committee's own pages: /committee/."""

from django.urls import path

from kith.scrutiny.views import committees, meetings, minutes, papers, plan, prints

app_name = "scrutiny"
urlpatterns = [
    path("", committees.home, name="home"),
    path("committees/add/", committees.write, name="add_committee"),
    path("committees/<slug:slug>/", committees.seats, name="seats"),
    path("committees/<slug:slug>/change/", committees.write, name="change_committee"),
    path("committees/<slug:slug>/people/add/", committees.member, name="add_member"),
    path("committees/<slug:slug>/people/<uuid:uid>/", committees.member, name="change_member"),
    path("committees/<slug:slug>/seats/add/", committees.give_seat, name="give_seat"),
    path("committees/<slug:slug>/seats/<int:pk>/end/", committees.end_seat, name="end_seat"),
    path("committees/<slug:slug>/plan/", plan.of_committee, name="plan"),
    path("committees/<slug:slug>/plan/add/", plan.write, name="add_entry"),
    path("committees/<slug:slug>/plan/publish/", plan.publish, name="publish_plan"),
    path("committees/<slug:slug>/plan/<int:number>/", plan.write, name="change_entry"),
    path("committees/<slug:slug>/plan/<int:number>/close/", plan.close, name="close_entry"),
    path("key-decisions/", plan.decisions, name="decisions"),
    path("key-decisions/add/", plan.decision, name="add_decision"),
    path("key-decisions/<int:number>/", plan.decision, name="change_decision"),
    path("meetings/add/", meetings.add, name="add_meeting"),
    path("meetings/<uuid:uid>/", meetings.meeting, name="meeting"),
    path("meetings/<uuid:uid>/change/", meetings.change, name="change_meeting"),
    path("meetings/<uuid:uid>/move/", meetings.move, name="move_meeting"),
    path("meetings/<uuid:uid>/cancel/", meetings.cancel, name="cancel_meeting"),
    path("meetings/<uuid:uid>/announce/", meetings.announce, name="announce"),
    path("meetings/<uuid:uid>/publish/", meetings.publish, name="publish_agenda"),
    path("meetings/<uuid:uid>/brief.pdf", prints.brief, name="brief"),
    path("meetings/<uuid:uid>/items/add/", meetings.add_item, name="add_item"),
    path("meetings/<uuid:uid>/plan/<int:pk>/", meetings.place, name="place_entry"),
    path("meetings/<uuid:uid>/begin/", minutes.begin, name="begin"),
    path("meetings/<uuid:uid>/end/", minutes.end, name="end"),
    path("meetings/<uuid:uid>/minutes/", minutes.whole, name="minutes"),
    path("meetings/<uuid:uid>/minutes/all-present/", minutes.all_present, name="all_present"),
    path("meetings/<uuid:uid>/minutes/stood-in/", minutes.stand_in, name="stand_in"),
    path("meetings/<uuid:uid>/minutes/declare/", minutes.declare, name="declare"),
    path("meetings/<uuid:uid>/minutes/questions/add/", minutes.question, name="add_question"),
    path("meetings/<uuid:uid>/minutes/questions/<int:number>/", minutes.question, name="question"),
    path("meetings/<uuid:uid>/minutes/clear/", minutes.clear, name="clear"),
    path("meetings/<uuid:uid>/minutes/confirm/", minutes.confirm, name="confirm"),
    path(
        "meetings/<uuid:uid>/minutes/correct/",
        minutes.confirm,
        {"correcting": True},
        name="correct",
    ),
    path("meetings/<uuid:uid>/minutes/there/<uuid:member>/", minutes.attendance, name="attendance"),
    path("meetings/<uuid:uid>/minutes/on/<slug:way>/", minutes.move_on, name="move_on"),
    path("items/<uuid:uid>/change/", meetings.change_item, name="change_item"),
    path("items/<uuid:uid>/invite/", meetings.invite, name="invite"),
    path("items/<uuid:uid>/invited/<int:pk>/<slug:came>/", meetings.came, name="came"),
    path("items/<uuid:uid>/note/", meetings.own_note, name="own_note"),
    path("items/<uuid:uid>/minutes/", minutes.of_item, name="item_minutes"),
    path("items/<uuid:uid>/minutes/<int:number>/", minutes.change_point, name="change_point"),
    path(
        "items/<uuid:uid>/minutes/<int:number>/asked/", minutes.request_of, name="request_of_point"
    ),
    path(
        "items/<uuid:uid>/minutes/<int:number>/<slug:way>/", minutes.move_point, name="move_point"
    ),
    path("items/<uuid:uid>/papers/add/", papers.add, name="add_paper"),
    path("papers/<uuid:uid>/", papers.change, name="change_paper"),
    path("papers/<uuid:uid>/file/", papers.own_file, name="own_file"),
    path("papers/<uuid:uid>/remove/", papers.take_off, name="take_off_paper"),
    path("papers/<uuid:uid>/withdraw/", papers.withdraw, name="withdraw_paper"),
    path("items/<uuid:uid>/<slug:way>/", meetings.move_item, name="move_item"),
]
