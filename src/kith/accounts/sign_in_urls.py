"""In front of allauth's own pages: those that Kith does not offer, and one that it mends.

An administrator makes accounts and changes addresses, and the council's sign-on is matched by
address: nobody joins accounts together or changes their address by themselves.
"""

from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

from kith.accounts.views import council_sign_on

mine = RedirectView.as_view(pattern_name="accounts:me")

urlpatterns = [
    path("oidc/<str:provider_id>/login/", council_sign_on, name="openid_connect_login"),
    path("email/", mine, name="account_email"),
    path("confirm-email/", mine, name="account_email_verification_sent"),
    path(
        "confirm-email/<str:key>/",
        RedirectView.as_view(url=reverse_lazy("account_login")),
        name="account_confirm_email",
    ),
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("3rdparty/", mine, name="socialaccount_connections"),
    path(
        "3rdparty/signup/",
        RedirectView.as_view(pattern_name="account_login"),
        name="socialaccount_signup",
    ),
]
