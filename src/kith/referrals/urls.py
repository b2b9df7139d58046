"""Addresses of the front door: asking, following, and the county's list of needs."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from kith.referrals.views import desk, files, needs, request, sent


class Reference(StringConverter):
    """A request's number: nothing else is ever looked up."""

    regex = "R-[0-9]{4}-[0-9]{6,9}"


register_converter(Reference, "reference")

app_name = "referrals"
urlpatterns: list[URLPattern | URLResolver] = [
    # Asking for help
    path("new/", request.begin, name="begin"),
    path("new/<int:pk>/", request.resume, name="resume"),
    path("new/<int:pk>/stop/", request.stop, name="stop"),
    path("new/<int:pk>/save/", request.save, name="save"),
    path("new/<int:pk>/discard/", request.discard, name="discard"),
    path("new/<int:pk>/check/", request.check, name="check"),
    path("new/<int:pk>/done/", request.done, name="done"),
    path("new/<int:pk>/files/add/", request.add_file, name="add_file"),
    path("new/<int:pk>/files/<uuid:file>/remove/", request.remove_file, name="remove_file"),
    path("new/<int:pk>/<slug:name>/", request.page, name="page"),
    path("new/<int:pk>/<slug:name>/<int:number>/", request.page, name="item"),
    path("new/<int:pk>/<slug:name>/<int:number>/remove/", request.remove, name="remove"),
    path("back/<str:secret>/", request.back, name="back"),
    # Following what was sent
    path("sent/", sent.mine, name="mine"),
    path("sent/<reference:reference>/", sent.one, name="one"),
    path("sent/<reference:reference>/step-down/", sent.step_down, name="step_down"),
    path("sent/<reference:reference>/answer/", sent.answer, name="answer"),
    path("sent/<reference:reference>/withdraw/", sent.withdraw, name="withdraw"),
    path("sent/<reference:reference>/request.pdf", sent.pdf, name="pdf"),
    path("sent/<reference:reference>/family/", sent.family_copy, name="family_copy"),
    path("sent/<reference:reference>/family.pdf", sent.family_pdf, name="family_pdf"),
    path("sent/<reference:reference>/family/link/", sent.make_family_link, name="family_link"),
    path("sent/<reference:reference>/files/<uuid:file>/", sent.attachment, name="attachment"),
    path("link/<str:secret>/", sent.link, name="link"),
    path("link/<str:secret>/new/", sent.send_new_link, name="new_link"),
    # Many requests in one file
    path("files/", files.listed, name="files"),
    path("files/template.csv", files.template, name="file_template"),
    path("files/<uuid:pk>/", files.one, name="file"),
    path("files/<uuid:pk>/not-sent.csv", files.not_sent, name="file_not_sent"),
    # The county desk
    path("desk/", desk.queue, name="desk"),
    # `at_desk`, the page of one request, is served by casework: see kith/urls.py.
    path("desk/<reference:reference>/take/", desk.take, name="take"),
    path("desk/<reference:reference>/put-back/", desk.put_back, name="put_back"),
    path("desk/<reference:reference>/reopen/", desk.reopen, name="reopen"),
    path("desk/<reference:reference>/step-down/", desk.step_down, name="desk_step_down"),
    path("desk/<reference:reference>/services/", desk.find_services, name="find_services"),
    path("desk/<reference:reference>/links/", desk.links, name="links"),
    path("desk/<reference:reference>/decide/<slug:decision>/", desk.decide, name="decide"),
    path("find/<reference:reference>/", desk.find, name="find"),
    # The county's list of needs
    path("needs/", needs.listed, name="needs"),
    path("needs/add/", needs.add, name="add_need"),
    path("needs/<int:pk>/", needs.change, name="change_need"),
    path("needs/<int:pk>/move/", needs.move, name="move_need"),
    path("needs/words/", needs.words, name="warning_words"),
]
