"""Figures of what committees do: officers of districts who came, and what was decided on options."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils.timezone import localdate

from kith.figures.registry import figure_of
from kith.places.models import District
from kith.scrutiny import counts, following
from kith.scrutiny.actions import inviting, measuring, papers
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import Paper
from tests.factories.recommendations import AFTER, make_agreed
from tests.factories.scrutiny import MEETS, add_item, call, hold, make_meeting, make_officer

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(days=40)
MONTHS = following.period_to(localdate(LATER), 90)


@pytest.fixture
def officer():
    caches["figures"].clear()
    District.objects.create(code="E07000177", name="Cherwell")
    District.objects.create(code="E07000178", name="Oxford")
    return make_officer()


def invited(officer, item, post, body="", came=""):
    made = inviting.invite(item=item, name="", post=post, body=body, by=officer, at=MEETS)
    if came:
        inviting.say_who_came(invited=made, came=came, by=officer, at=AFTER)
    return made


def shown(figure):
    return {row.label: [cell.text for cell in row.cells] for row in (*figure.rows, figure.total)}


def test_officers_of_districts_who_came_are_a_share_of_those_invited(officer):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting, "Housing")
    secret = add_item(
        officer, meeting, "Rent", exempt=True, paragraphs=[3], public_interest="Money."
    )
    invited(officer, item, "Head of Housing", "Cherwell District Council", "attended")
    invited(officer, item, "Housing options, Oxford City Council", came="not")
    invited(officer, item, "Head of Housing, Wychavon District Council")
    invited(officer, item, "Director", "Oxfordshire County Council", "attended")
    invited(officer, item, "Chief nurse", "Oxford Health", "attended")
    invited(officer, secret, "Solicitor", "Cherwell District Council", "attended")
    hold(officer, meeting)

    figure = figure_of("district-officers-heard", MONTHS, by="district", at=LATER)

    assert shown(figure) == {
        "Cherwell": ["100", "1"],
        "Oxford": ["0", "1"],
        "Another district, city or borough council": ["0", "1"],
        "All": ["33.3", "3"],
    }
    assert "Of 1 of them nobody wrote down" in figure.missing
    assert "Rent" not in str(counts.behind(counts.DISTRICTS_HEARD, MONTHS.first))


def test_a_meeting_to_come_is_named_behind_the_figure_and_not_counted(client, officer):
    found = make_agreed(officer)
    to_come = make_meeting(officer, found.committee, starts_at=MEETS + timedelta(days=70))
    item = add_item(officer, to_come, "Housing")
    invited(officer, item, "Head of Housing, Cherwell District Council")
    measuring.measure_by(
        recommendation=found,
        details={"figure": "district-officers-heard", "called": "Districts", "days": 365},
        by=officer,
        at=AFTER,
    )
    client.force_login(officer)

    page = client.get(reverse("recommendations:one", args=[found.uid])).content.decode()

    assert "Nothing to count" in page
    assert "Head of Housing, Cherwell District Council: item “Housing” (asked)" in page


def options(officer, item, title, **details):
    details = {"title": title, "kind": "options", **details}
    return papers.keep_paper(
        item=item, details=details, file=("o.txt", b"Options."), by=officer, at=AFTER
    )


def test_options_papers_count_once_decided_with_the_reference(officer):
    meeting = make_meeting(officer)
    item = add_item(officer, meeting, "Grants")
    first, _ = options(officer, item, "Grants"), options(officer, item, "Pooled budgets")
    papers.keep_paper(
        item=item, details={"title": "Report", "kind": "report"}, by=officer, at=AFTER
    )
    call(officer, meeting)
    hold(officer, meeting)
    kept = {"title": "Grants", "kind": "options", "decision_reference": "Cabinet 45/26"}

    for wrong, field in (
        (kept, "decided_on"),
        ({**kept, "kind": "report", "decided_on": date(2026, 9, 30)}, "kind"),
        ({**kept, "decided_on": date(2030, 1, 1)}, "decided_on"),
        ({**kept, "decision_reference": "", "decided_on": date(2026, 9, 30)}, "decision_reference"),
    ):
        with pytest.raises(ScrutinyRefused) as refused:
            papers.keep_paper(item=item, details=wrong, paper=first, by=officer, at=LATER)
        assert refused.value.field == field
    papers.keep_paper(
        item=item,
        details={**kept, "decided_on": date(2026, 9, 30)},
        paper=first,
        by=officer,
        at=LATER,
    )

    figure = figure_of("pooled-budget-options", MONTHS, by="committee", at=LATER)
    assert shown(figure)["All"] == ["50", "2"]
    told = [one.note for one in counts.behind(counts.OPTIONS_DECIDED, MONTHS.first)]
    assert told == ["decided on 30 September 2026, Cabinet 45/26", "not decided on yet"]
    Paper.objects.filter(pk=first.pk).update(withdrawn_because="Wrong.")
    caches["figures"].clear()
    assert shown(figure_of("pooled-budget-options", MONTHS, by="committee", at=LATER))["All"] == [
        "0",
        "1",
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Vale of White Horse District Council", "V"),
        ("South Oxfordshire District Council", "S"),
        ("Housing, Oxford City Council", "O"),
        ("Oxford Health NHS Trust", ""),
        ("Oxfordshire County Council", ""),
        ("A district council", "other"),
        ("Wolvercote Parish Council, Oxford", ""),
    ],
)
def test_a_council_is_known_by_its_words(words, code):
    known = [("O", "Oxford"), ("S", "South Oxfordshire"), ("V", "Vale of White Horse")]
    assert counts.district_of(words, known) == code
