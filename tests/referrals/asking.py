"""Somebody who fills in the request, page by page, as a browser without scripts would."""

import re
from datetime import date, timedelta

from django.test import Client
from django.urls import resolve

from kith.accounts.models import User
from kith.places.models import District, Neighbourhood, Postcode
from kith.referrals.actions import set_up_needs
from tests.factories.referrals import make_desk_team

EVERYONE = {
    "who": {"sender_kind": "professional"},
    "you": {"sender_name": "Sam Field", "sender_email": "sam.field@school.example"},
    "organisation": {"sender_organisation_name": "Orchard School", "chosen": "none"},
    "children": {"another": "no"},
    "child": {
        "given_names": "Ada",
        "family_name": "Okafor",
        "date_of_birth_day": "2",
        "date_of_birth_month": "3",
        "date_of_birth_year": "2014",
        "sex": "F",
    },
    "school": {"school_name": "", "year_group": "Year 7"},
    "more": {"ethnicity": "", "young_carer": "on"},
    "adults": {"another": "no"},
    "adult": {
        "given_names": "Grace",
        "family_name": "Okafor",
        "role": "mother",
        "parental_responsibility": "yes",
        "lives_here": "yes",
        "phone": "07700 900123",
        "phone_safe": "no",
        "email_safe": "yes",
    },
    "home": {"postcode": "ox4 1aa", "address": "1 Example Road"},
    "worry": {"worry": "Often late, and tired."},
    "going_well": {"going_well": "Likes drawing."},
    "tried": {"tried": ""},
    "different": {"would_be_different": "Ada comes on time."},
    "needs": {"needs": ["attendance", "parenting"]},
    "main_need": {"main_need": "attendance"},
    "groups": {"groups": ["young_carer"]},
    "agreement": {"basis": "consent"},
    "consent": {
        "agreed_by": "Grace Okafor",
        "agreed_how": "spoken",
        "agreed_on_day": str(date.today().day),
        "agreed_on_month": str(date.today().month),
        "agreed_on_year": str(date.today().year),
        "agencies_told": ["school", "health"],
        "outcome_may_be_told": "yes",
    },
    "lawful": {"lawful_reason": "Asking her would put the child at risk."},
    "language": {"needed": "no"},
    "contact": {"contact_by": ["phone"], "post_is_safe": "no", "contact_advice": "After six."},
    "files": {},
}
PARENT = EVERYONE | {
    "who": {"sender_kind": "parent"},
    "you": {
        "given_names": "Grace",
        "family_name": "Okafor",
        "role": "mother",
        "parental_responsibility": "yes",
        "sender_phone": "07700 900123",
    },
    "consent": {"agree": "on", "agencies_told": ["school"]},
}
YOUNG = EVERYONE | {
    "who": {"sender_kind": "young_person"},
    "you": {"given_names": "Ada", "family_name": "Okafor", "sender_phone": "07700 900456"},
    "child": {
        "date_of_birth_day": "2",
        "date_of_birth_month": "3",
        "date_of_birth_year": str((date.today() - timedelta(days=365 * 14)).year),
    },
    "consent": {"agree": "on"},
}
OTHER = EVERYONE | {
    "who": {"sender_kind": "other"},
    "you": {
        "sender_name": "Nan Okafor",
        "relation": "family",
        "sender_phone": "07700 900789",
    },
}
KINDS = {"professional": EVERYONE, "parent": PARENT, "young_person": YOUNG, "other": OTHER}


def set_the_scene() -> None:
    """A county with a desk, a list of needs and one postcode."""
    set_up_needs()
    desk = make_desk_team()
    desk.email = "desk@county.example"
    desk.save()
    district = District.objects.create(code="E07000178", name="Oxford")
    place = {"easting": 453000, "northing": 205000, "latitude": 51.7, "longitude": -1.2}
    sector = Neighbourhood.objects.create(
        code="OX4 1", kind="sector", name="OX4 1", district=district, outline={}, **place
    )
    Postcode.objects.create(code="OX41AA", district=district, neighbourhood=sector, **place)


class Asker:
    """One browser: somebody signed in, or nobody."""

    def __init__(self, user: User | None = None, answers: dict | None = None) -> None:
        self.client = Client()
        if user:
            self.client.force_login(user)
        self.answers = answers or EVERYONE
        self.base = ""

    def begin(self, danger: str = "no", asked: str = "") -> "Asker":
        response = self.client.post(f"/requests/new/{asked}", {"danger": danger})
        assert response.status_code == 302, response.content.decode()
        self.base = re.match(r"/requests/new/\d+/", response.url)[0]
        return self

    @property
    def number(self) -> int:
        return int(self.base.rstrip("/").rpartition("/")[2])

    def here(self) -> str:
        """Where the answers end: the name of the next page."""
        return self.client.get(self.base).url

    def post(self, place: str, data: dict):
        return self.client.post(f"{self.base}{place}", data)

    def fill(self, *, until: str = "check") -> "Asker":
        """Answer page after page up to the one named."""
        for _ in range(60):
            address = self.here()
            match = resolve(address)
            name = match.kwargs.get("name", match.url_name)
            if name == until:
                return self
            data = dict(self.answers[name])
            response = self.client.post(address, data)
            assert response.status_code == 302, f"{address}: {problems(response)}"
            if response.url.endswith("/stop/"):
                assert self.client.get(response.url).status_code == 200
        raise AssertionError(f"never came to {until}")

    def send(self):
        return self.client.post(f"{self.base}check/")


def problems(response) -> list[str]:
    """What the page says is wrong, in order."""
    page = response.content.decode()
    found = re.findall(r'<p class="govuk-error-message">.*?</span>\s*(.*?)</p>', page, re.S)
    return found or re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.S)
