"""What hubs give: /supports/."""

from django.urls import path

from kith.supports.views import family, groups, leading, register

app_name = "supports"
urlpatterns = [
    path("", groups.listed, name="all"),
    path("new/", groups.new, name="new"),
    path("registers/", register.registers, name="registers"),
    path("attendance/", groups.attendance, name="attendance"),
    path("led/", leading.led, name="led"),
    path("led/<int:pk>/", leading.led_register, name="led_register"),
    path("led-by/<int:pk>/stop/", leading.stop_leading, name="stop_leading"),
    path("<int:pk>/led-by/", leading.let_lead, name="let_lead"),
    path("<int:pk>/", groups.one, name="one"),
    path("<int:pk>/change/", groups.change, name="change"),
    path("<int:pk>/end/", groups.end, name="end"),
    path("<int:pk>/session/", groups.session_new, name="session_new"),
    path("sessions/<int:pk>/", register.register, name="register"),
    path("sessions/<int:pk>/undo/", register.undo, name="undo"),
    path("sessions/<int:pk>/dropped-in/", register.drop_in, name="drop_in"),
    path("sessions/<int:pk>/cancel/", register.cancel, name="cancel"),
    path("differing/<int:pk>/", register.settle, name="settle"),
    path("places/<int:pk>/end/", family.end_place, name="end_place"),
    path("places/<int:pk>/to-know/", leading.to_know, name="to_know"),
    path("family/<str:reference>/", family.family, name="family"),
    path("family/<str:reference>/place/", family.place, name="place"),
]
