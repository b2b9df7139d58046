"""A passkey, with the browser's own authenticator: added, refused, used, taken away."""

from tests.journeys.conftest import accessibility_problems

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_member_of_staff_adds_a_passkey_and_signs_in_with_it(open_page, site):
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    given = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def hand(there: bool):
        """Whether somebody whom the device knows touches it, or nobody does."""
        number = given["authenticatorId"]
        device.send(
            "WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": there}
        )

    # A passkey belongs to a name. At an address of numbers none is offered.
    page.goto("/accounts/login/")
    with_passkey = page.get_by_role("button", name="Sign in with a passkey")
    assert not with_passkey.is_visible()
    named = site.address.replace("127.0.0.1", "localhost")
    page.goto(f"{named}/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("E-mail address").fill("manager.witney@kith.example")
    page.get_by_label("Password", exact=True).fill("kith-demo-2026")
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.get_by_label("A name for it").fill("My laptop")
    hand(False)
    page.get_by_role("button", name="Add passkey").click()
    page.get_by_role("alert").get_by_text("No passkey was added").wait_for()
    assert accessibility_problems(page) == []
    hand(True)
    page.get_by_role("button", name="Add passkey").click()
    page.get_by_text("A passkey was added to your account").wait_for()

    page.context.clear_cookies()
    page.goto(f"{named}/accounts/login/")
    hand(False)
    with_passkey.click()
    page.get_by_role("alert").get_by_text("The passkey was not used").wait_for()
    hand(True)
    with_passkey.click()
    page.wait_for_url("**/today/", wait_until="commit")

    # Taken away here, it signs in no more, though the device still offers it.
    page.goto(f"{named}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove My laptop").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("You have none").wait_for()
    page.context.clear_cookies()
    page.goto(f"{named}/accounts/login/")
    with_passkey.click()
    page.get_by_text("This passkey was not accepted").wait_for()
