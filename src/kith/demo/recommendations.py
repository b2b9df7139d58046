"""What the committee of the demonstration county recommended a year ago, in words of our own: nine
recommendations like those of the review of 2012, what became of them, and the figures that go with them.
Every figure is counted from the generated county."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.demo.people import address
from kith.figures.registry import figure_of
from kith.figures.words import written
from kith.scrutiny import following
from kith.scrutiny.actions import (
    answering,
    drawing,
    measuring,
    recommending,
    reporting,
    sending,
    tracking,
)
from kith.scrutiny.actions.answering import Promise, Reply
from kith.scrutiny.models import Item, Meeting, Recommendation, Review, Theme

QUARTER = 91  # days: the county's records begin too early for a year before the decision
HEAD = "Head of Early Intervention"
DIRECTOR = "Director for Children, Education and Families"


@dataclass(frozen=True)
class Told:
    """A recommendation: its words, who answers, how, and by what one will see it."""

    words: str
    why: str
    what: str
    owner: str
    measures: tuple[dict[str, Any], ...]
    said: str = "accepted"
    answer: str = ""
    reason: str = ""
    promised: tuple[tuple[str, int | None, bool], ...] = ()  # words, days from today, done
    progress: tuple[tuple[int, str, str], ...] = ()  # days from today, how far, words
    theme: str = ""
    owned: str = "post"
    kind: str = "recommendation"
    parts: tuple[str, ...] = ()
    when: str = ""


def by(key: str, called: str = "", **more: Any) -> dict[str, Any]:
    """Return a measure of a quarter."""
    return {"figure": key, "called": called, "days": QUARTER, **more}


NINE = (
    Told(
        "That every hub says in one place, in the same plain words, what families can expect of any hub and "
        "what no hub gives; with room beside it for what a hub gives to its own area.",
        "Visitors heard seven different answers to what a hub is for.",
        "One core offer, published for each hub, with what is not offered.",
        HEAD,
        (by("hubs-with-the-whole-offer"), by("core-offer-running")),
        answer="The offer is being written with all hubs, and each will say how it stands to every item.",
        promised=(("Publish one core offer for all hubs", -200, True), ("Every hub says how it stands to it", -90, True)),
        progress=((-300, "in_progress", "A draft is with the hubs."), (-62, "acceptable", "The offer is published; "
                  "some items do not run everywhere yet.")),
        when="Within a year of this report.",
    ),
    Told(
        "That hubs go on to reach every school, primary schools above all, and tell each what the hub can do.",
        "Secondary schools know their hub. Several primary schools had not heard of it.",
        "A named contact of the hub for each school, and a visit to each primary school.",
        HEAD,
        (by("schools-that-ask"), by("schools-that-ask", "Primary schools that ask for help", row="primary")),
        answer="Each hub has named who looks after which school.",
        promised=(("Visit every primary school once", 120, False),),
        progress=((-61, "in_progress", "Two of three primary schools were visited."),),
        theme="Schools and partners",
        when="By the end of the next school year.",
    ),
    Told(
        "That links with voluntary groups grow further, small ones in the countryside among them.",
        "Small groups offered halls and people, and did not know whom to ask.",
        "Groups know what hubs need, and families come from them.",
        HEAD,
        (by("voluntary-partners"),
         by("voluntary-partners", "Voluntary groups in the country that ask for help", by="place", row="country"),
         by("requests-received", "Requests from voluntary groups", by="sender", row="voluntary", better="more")),
        said="in_principle",
        answer="We agree with the aim and will look at it as means allow.",
        theme="Schools and partners",
    ),
    Told(
        "That officers of the district councils be invited to a meeting about housing and what it does to "
        "families.",
        "Housing stood behind many of the worries that staff described.",
        "A meeting with all district councils.",
        "",
        (by("district-officers-heard", days=365),),
        owned="committee",
        kind="committee_action",
        progress=((-61, "in_progress", "The district councils are invited to the next meeting."),),
    ),
    Told(
        "That options such as budgets pooled with partners, or grants for some services, be looked into.",
        "Several agencies pay for help to the same families.",
        "A paper with options, and what each would cost.",
        DIRECTOR,
        (by("pooled-budget-options", days=365),),
        said="in_part",
        answer="Grants to voluntary groups will be looked into. A pooled budget will not.",
        reason="Two partners have said that they cannot pool money before their own budgets are settled.",
        promised=(("Bring a paper with options for grants", -100, False),),
        progress=((-61, "not_acceptable", "No paper has come yet."),),
    ),
    Told(
        "That the way money is shared between hubs be looked at anew.",
        "Demand has grown unevenly since the shares were set.",
        "Shares that follow need.",
        DIRECTOR,
        (by("funding-per-child-in-need", "Funding for each child in need, by hub"),
         by("days-to-first-contact", "Days to first contact")),
        said="not",
        answer="The shares stay as they are this year.",
        reason="They were set for three years, and a change in mid-term would cost hubs posts they have filled.",
        theme="Waiting and capacity",
    ),
    Told(
        "That the committee be told why less will be spent this year than was planned, and that what is left be "
        "put into other parts of the service.",
        "The forecast shows money left over while families wait.",
        "An explanation in writing, and a plan for what is left.",
        DIRECTOR,
        (by("forecast-against-budget", "Forecast against budget, by month"),
         by("first-contact-in-time")),
        said="explained",
        kind="information_request",
        answer="Posts stood empty for longer than planned. What families met in those months is attached; money by "
        "hub is not kept with these records yet.",
        progress=((-61, "acceptable", "Posts are filled. What was left went to work in the summer holidays."),),
    ),
    Told(
        "That hubs go on to find, keep and make use of volunteers.",
        "Waiting lists are shortest where volunteers share the work.",
        "Every hub has volunteers whose checks are done and whose hours are known.",
        HEAD,
        (by("volunteers-active", "Volunteers, their hours, who joined and who left, by hub"),),
        answer="Each hub will have somebody who looks after volunteers.",
        promised=(("Name who looks after volunteers in each hub", -150, True),),
        progress=((-61, "obstacle", "Checks take four months, and people go elsewhere meanwhile."),),
        theme="Waiting and capacity",
    ),
    Told(
        "That hubs reach families farther away, in rooms of partners and in other places where nobody minds to "
        "be seen.",
        "Families without a car, and those who do not want to be seen, do not come.",
        "More sessions away from hubs.",
        HEAD,
        (by("sessions-off-site"), by("families-beyond-reach", "Families farther than 40 minutes from a hub")),
        answer="Sessions in village halls begin in the spring.",
        promised=(("Hold sessions in places of partners", 30, False),),
        progress=((-61, "in_progress", "Some hubs hold sessions away from home each week, others do not yet."),),
        theme="Help close to home",
        parts=("Sessions in rooms of partners", "Sessions in other neutral places"),
    ),
)  # fmt: skip


INTRODUCTION = (
    "The hubs had worked for a year. The committee wanted to know whether families find the same help in each, and "
    "what stands in the way.\n"
    "At least two members saw each hub, asked the same questions, and wrote down what they saw and heard. The themes "
    "below came out of their notes; the committee agreed them in its meeting."
)


def tell_recommendations(today: date, now: datetime) -> None:
    """Tell what was recommended and what became of it. Without a committee there is nothing to tell."""
    officer = User.objects.get(email=address("officer"))
    now -= timedelta(hours=1)
    with seeing_as(officer):
        held = Item.objects.filter(meeting__state=Meeting.State.HELD)
        first = held.filter(title="Early Intervention Hubs").order_by("meeting__starts_at").first()
        later = held.filter(kind=Item.Kind.FOLLOW_UP).exclude(title=Item.Kind.FOLLOW_UP.label)
        item = later.order_by("-meeting__starts_at").first()
        if first is None or item is None:
            return
        themes = {theme.title: theme for theme in Theme.objects.all()}
        review = (
            Review.objects.filter(committee=first.meeting.committee).order_by("began_on").first()
        )
        told = [_one(one, first, themes, review, officer, today, now) for one in NINE]
        recommending.stop(
            recommendation=told[5], item=item,
            because="The executive refused it for good reasons, and a new share is due in two years.",
            impact="Nothing changed. The committee will ask again before the next share is set.",
            by=officer, at=now,
        )  # fmt: skip
        if review is not None:
            reporting.write_introduction(review=review, words=INTRODUCTION, by=officer, at=now)
            reporting.publish_report(review=review, by=officer, at=now)
        for one in told:
            tracking.publish(recommendation=one, by=officer, at=now)
        _come_back([told[0], told[1], told[2], told[4], told[7], told[8]], first, officer, now)


def _one(
    one: Told,
    item: Item,
    themes: dict[str, Theme],
    review: Review | None,
    officer: User,
    today: date,
    now: datetime,
) -> Recommendation:
    met = item.meeting.starts_at
    theme = themes.get(one.theme)
    made = recommending.draft(
        committee=item.meeting.committee,
        details={
            "kind": one.kind, "words": one.words, "why": one.why, "what": one.what, "when": one.when,
            "owned": one.owned, "owner": one.owner,
        },
        parts=one.parts,
        theme=theme,
        review=review,
        by=officer,
        at=met - timedelta(days=1),
    )  # fmt: skip
    for details in one.measures:
        called = details["called"] or following.indicator_called(details["figure"]).name
        measuring.measure_by(
            recommendation=made, details={**details, "called": called}, by=officer, at=met
        )
    at = met + timedelta(hours=4)
    made = recommending.agree(recommendation=made, item=item, by=officer, at=at)
    if one.owned != "committee":
        posted = at + timedelta(days=2)
        sending.send(
            recommendation=made,
            law="executive",
            to=one.owner,
            received_on=posted.date(),
            by=officer,
            at=posted,
        )
        _answer(one, made, officer, today, posted + timedelta(days=47), now)
    for days, said, words in one.progress:
        on = today + timedelta(days=days)
        answering.say_progress(
            recommendation=made, said=said, words=words, on=on, by_whom=one.owner or str(made.committee),
            by=officer, at=now + timedelta(days=days),
        )  # fmt: skip
    return made


def _answer(
    one: Told, made: Recommendation, officer: User, today: date, at: datetime, now: datetime
) -> None:
    reply = Reply(
        one.said, one.answer, one.reason, one.owner,
        promises=tuple(
            Promise(words, one.owner, today + timedelta(days=days) if days is not None else None)
            for words, days, _ in one.promised
        ),
        figures=_counted(at) if one.said == "explained" else (),
        files=(("What families met, by month.xlsx", _by_month(at)),) if one.said == "explained" else (),
    )  # fmt: skip
    answering.answer(recommendation=made, reply=reply, by=officer, at=at)
    done = {words: days for words, days, over in one.promised if over}
    for promised in made.promised.all():
        days = done.get(promised.words)
        if days is not None:
            on = today + timedelta(days=days)
            answering.keep_promise(promised=promised, done_on=on, by=officer, at=now)


def _counted(at: datetime) -> tuple[tuple[str, str, str, str], ...]:
    """Return what the county counted of those months."""
    period = following.period_to(at.date(), QUARTER)
    found = []
    for key in ("requests-received", "first-contact-in-time", "days-to-first-contact"):
        figure = figure_of(key, period, by="hub", at=at)
        place = -1 if figure.indicator.kind == "count" else 0
        if figure.total.cells[place].hidden:
            continue  # a small county: nobody attaches what is kept back
        value = written(figure.total.cells[place], figure.indicator)
        unit = figure.indicator.unit.lstrip("% ")
        found.append((figure.indicator.name, value, unit, period.name))
    return tuple(found)


def _by_month(at: datetime) -> bytes:
    """Return a spreadsheet of what the county counted month by month, as the owner attaches it."""
    period = following.period_to(at.date(), QUARTER)
    figures = [
        figure_of(key, period, by="month", at=at)
        for key in ("requests-received", "first-contact-in-time", "days-to-first-contact")
    ]
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "By month"
    page.append(["Month", *(one.indicator.name for one in figures)])
    for lines in zip(*(one.rows for one in figures), strict=True):
        cells = (
            written(line.cells[-1 if one.indicator.kind == "count" else 0], one.indicator)
            for one, line in zip(figures, lines, strict=True)
        )
        page.append([lines[0].label, *cells])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _come_back(found: list[Recommendation], item: Item, officer: User, now: datetime) -> None:
    """Bring what is open back to a meeting to come, with the paper that writes itself."""
    to_come = Meeting.objects.filter(
        committee=item.meeting.committee, state=Meeting.State.PLANNED, starts_at__gt=now
    )
    meeting = to_come.order_by("starts_at").first()
    if meeting is None:
        return
    entry = recommending.look_again(recommendations=found, meeting=meeting, by=officer, at=now)
    drawing.draw_follow_up(item=meeting.items.get(plan=entry), by=officer, at=now)
