"""Pages of allauth that Kith does not offer, in front of its own: they lead to one's own account.

An administrator makes accounts and changes addresses, and the council's sign-on is matched by
address: nobody joins accounts together or changes their address by themselves.
"""

from django.urls import path
from django.views.generic import RedirectView

mine = RedirectView.as_view(pattern_name="accounts:me")

urlpatterns = [
    path("email/", mine, name="account_email"),
    path("confirm-email/", mine, name="account_email_verification_sent"),
    path(
        "confirm-email/<str:key>/",
        RedirectView.as_view(pattern_name="account_login", query_string=False),
    ),
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("3rdparty/", mine, name="socialaccount_connections"),
    path(
        "3rdparty/signup/",
        RedirectView.as_view(pattern_name="account_login"),
        name="socialaccount_signup",
    ),
]
