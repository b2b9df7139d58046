"""What was published, as OParl 1.1: /oparl/."""

from django.urls import path

from kith.scrutiny.views import oparl

app_name = "oparl"
urlpatterns = [
    path("", oparl.system, name="system"),
    path("bodies", oparl.bodies, name="bodies"),
    path("list/<slug:kind>", oparl.listed, name="list"),
    path("<slug:kind>/<slug:key>", oparl.one, name="object"),
    path("<path:rest>", oparl.missing, name="missing"),
]
