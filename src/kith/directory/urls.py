"""Addresses of the directory: finding help, and what the hubs offer."""

from django.urls import path

from kith.directory.views import checking, confirming, finding, keeping, offer

app_name = "directory"
urlpatterns = [
    path("find-help/", finding.find_help, name="find"),
    path("find-help/<uuid:uid>/", finding.service, name="service"),
    path("find-help/check/<str:secret>/", confirming.page, name="confirm"),
    path("find-help/check/<str:secret>/new/", confirming.send_new_link, name="new_link"),
    path("directory/", keeping.listed, name="listed"),
    path("directory/checking/", checking.listed, name="checking"),
    path("directory/checking/hiding/", checking.hiding, name="hiding"),
    path("directory/add/", keeping.write, name="add"),
    path("directory/providers/add/", keeping.provider, name="add_provider"),
    path("directory/providers/<uuid:uid>/", keeping.provider, name="provider"),
    path("directory/places/add/", keeping.place, name="add_place"),
    path("directory/places/<uuid:uid>/", keeping.place, name="place"),
    path("directory/<uuid:uid>/", keeping.kept, name="kept"),
    path("directory/<uuid:uid>/change/", keeping.write, name="change"),
    path("directory/<uuid:uid>/check/", keeping.check, name="check"),
    path("directory/<uuid:uid>/ask/", checking.ask_provider, name="ask_provider"),
    path("directory/<uuid:uid>/at/", keeping.at_place, name="at_place"),
    path("directory/<uuid:uid>/at/<uuid:held>/leave/", keeping.leave_place, name="leave_place"),
    path("directory/<uuid:uid>/times/", keeping.times, name="add_times"),
    path("directory/<uuid:uid>/times/<uuid:schedule>/", keeping.times, name="times"),
    path("directory/<uuid:uid>/times/<uuid:schedule>/drop/", keeping.drop_times, name="drop_times"),
    path("directory/<uuid:uid>/times/<uuid:schedule>/off/", keeping.call_off, name="call_off"),
    path("offer/versions/", offer.versions, name="versions"),
    path("offer/versions/draft/", offer.draft, name="draft"),
    path("offer/versions/<int:number>/", offer.version, name="version"),
    path("offer/versions/<int:number>/add/", offer.item, name="add_item"),
    path("offer/versions/<int:number>/consult/", offer.consult, name="consult"),
    path("offer/versions/<int:number>/agree/", offer.agree, name="agree"),
    path("offer/versions/<int:number>/item/<slug:code>/", offer.item, name="item"),
    path("offer/versions/<int:number>/take-out/<slug:code>/", offer.take_out, name="take_out"),
    path("offer/not-offered/", offer.not_offered, name="not_offered"),
    path("offer/not-offered/add/", offer.write_not_offered, name="add_not_offered"),
    path("offer/not-offered/<uuid:uid>/", offer.write_not_offered, name="change_not_offered"),
    path("offer/<slug:slug>/", offer.hub_offer, name="hub_offer"),
    path("offer/<slug:slug>/local/<uuid:uid>/", offer.say_local, name="say_local"),
    path("offer/<slug:slug>/<slug:code>/", offer.say, name="say"),
]
