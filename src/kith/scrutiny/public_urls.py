"""What everybody may read of the committees: /committees/."""

from django.urls import path

from kith.scrutiny.views import alerts, feeds, invited, papers, prints, public

app_name = "meetings"
urlpatterns = [
    path("", public.all_committees, name="committees"),
    path("calendar.ics", feeds.calendar, name="calendar"),
    path("feed.atom", feeds.feed, name="feed"),
    path("search/", public.search, name="search"),
    path("asked/<str:secret>/", invited.invited, name="invited"),
    path("told/", alerts.ask_for, name="ask_for_alert"),
    path("told/confirm/<str:secret>/", alerts.confirm, name="confirm_alert"),
    path("told/stop/<str:secret>/", alerts.stop, name="stop_alert"),
    path("decisions/", public.decisions, name="decisions"),
    path("meetings/<uuid:uid>/", public.meeting, name="meeting"),
    path("meetings/<uuid:uid>/<slug:kind>/<int:number>/", public.edition, name="edition"),
    path("meetings/<uuid:uid>/pack.pdf", papers.pack, name="pack"),
    path("meetings/<uuid:uid>/agenda.pdf", prints.agenda, name="agenda_pdf"),
    path("meetings/<uuid:uid>/minutes.pdf", prints.minutes, name="minutes_pdf"),
    path("papers/<uuid:uid>/paper.pdf", prints.paper, name="paper_pdf"),
    path("reviews/<uuid:uid>/", public.report, name="report"),
    path("reviews/<uuid:uid>/report.pdf", prints.report, name="report_pdf"),
    path("practice/", public.practices, name="practices"),
    path("practice/<uuid:uid>/", public.practice, name="practice"),
    path("items/<uuid:uid>/", public.item, name="item"),
    path("papers/<uuid:uid>/", public.paper, name="paper"),
    path("papers/<uuid:uid>/file/", papers.public_file, name="file"),
    path("<slug:slug>/calendar.ics", feeds.calendar, name="committee_calendar"),
    path("<slug:slug>/", public.committee, name="committee"),
]
