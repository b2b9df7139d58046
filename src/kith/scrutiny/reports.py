"""The report of a review, as it writes itself from the records: introduction, who visited what, themes with
what was found and recommended, exemplar practice.

It holds what the committee agreed, and no note of a visit: these are never published.
"""

from collections.abc import Iterable
from typing import Any

from kith.accounts.models import User
from kith.scrutiny import practice_queries, visit_queries
from kith.scrutiny.models import Recommendation, Review, Theme, Visit

Section = dict[str, Any]
SAID = (Recommendation.State.DROPPED, Recommendation.State.MERGED)


def recommended(review: Review) -> list[Recommendation]:
    """Return the recommendations of a review that the committee agreed, in the order of their numbers."""
    found = review.recommendations.exclude(state__in=[*SAID, Recommendation.State.DRAFTED])
    return list(found.select_related("theme", "item").prefetch_related("parts").order_by("number"))


def sections_of(viewer: User, review: Review) -> list[Section]:
    """Return the report's headings, paragraphs, lists and tables, as `Paper.sections` keeps them."""
    found = [one for one in recommended(review) if not (one.item and one.item.exempt)]
    told: list[Section] = []
    opening = _paragraphs(review.introduction) or _paragraphs(review.aim)
    if opening:
        told.append({"heading": "Introduction", "paragraphs": opening})
    told += _visits(viewer, review)
    for theme in _agreed(review):
        told.append({"heading": theme.title, "paragraphs": _paragraphs(theme.findings)})
        told += _recommendations([one for one in found if one.theme_id == theme.pk])
    told += _recommendations(
        [one for one in found if one.theme_id is None], "Further recommendations"
    )
    told += _practice(viewer, review)
    if review.return_on:
        on = f"{review.return_on:%-d %B %Y}"
        told.append(
            {"heading": "What happens next", "paragraphs": [f"The committee looks again on {on}."]}
        )
    return told


def gaps_of(viewer: User, review: Review) -> list[str]:
    """Return what a report still lacks. Nothing of it stops anybody."""
    gaps = [] if review.introduction.strip() else ["The introduction is not written."]
    places = visit_queries.covered(viewer, review)
    gaps += [f"{one.place}: {one.words}" for one in places if one.missing]
    planned = [
        one for one in visit_queries.visits_of(viewer, review) if one.state == Visit.State.PLANNED
    ]
    if planned:
        gaps.append(f"{_many(len(planned), 'visit')} still to be made, or to be said who went.")
    for theme in review.themes.exclude(state=Theme.State.AGREED):
        gaps.append(f"The theme “{theme}” is not agreed by the committee: it is left out.")
    for theme in _agreed(review):
        if not theme.findings.strip():
            gaps.append(f"The theme “{theme}” has no findings.")
    drafted = review.recommendations.filter(state=Recommendation.State.DRAFTED).count()
    if drafted:
        gaps.append(f"{_many(drafted, 'recommendation')} drafted and not agreed: left out.")
    if not recommended(review):
        gaps.append("Nothing is recommended.")
    return gaps


def _many(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number} {what}s are"


def _agreed(review: Review) -> Iterable[Theme]:
    return review.themes.filter(state=Theme.State.AGREED).order_by("order", "pk")


def _paragraphs(words: str) -> list[str]:
    return [one.strip() for one in words.split("\n") if one.strip()]


def _visits(viewer: User, review: Review) -> list[Section]:
    held = [one for one in visit_queries.visits_of(viewer, review) if one.state == Visit.State.HELD]
    if not held:
        return []
    places = {visit.place for visit in held}
    members = {one.member_id for visit in held for one in visit.visitors.all() if one.went}
    rows = [
        [
            visit.place,
            f"{visit.starts_at:%-d %B %Y}",
            ", ".join(str(one.member) for one in visit.visitors.all() if one.went) or "Not said",
        ]
        for visit in held
    ]
    who = "1 member" if len(members) == 1 else f"{len(members)} members"
    where = "1 place" if len(places) == 1 else f"{len(places)} places"
    return [
        {
            "heading": "Visits",
            "paragraphs": [
                f"{who} of the committee visited {where}. Their notes are not published; what they agreed "
                "about them stands below."
            ],
            "table": {"head": ["Place", "Day", "Members"], "rows": rows},
        }
    ]


def _recommendations(found: list[Recommendation], heading: str = "") -> list[Section]:
    if not found:
        return []
    lines = []
    for one in found:
        lines.append(f"R{one.number} {one.words}")
        lines += [f"R{one.number}, part {part.order}: {part.words}" for part in one.parts.all()]
    lead = "The committee recommends:" if not heading else ""
    return [{"heading": heading, "paragraphs": [lead] if lead else [], "list": lines}]


def _practice(viewer: User, review: Review) -> list[Section]:
    sections: list[Section] = []
    for one in practice_queries.practices(viewer, review):
        shown = practice_queries.public_content(one)
        facts = {
            "Where": shown["where"],
            "For whom": shown["for_whom"],
            "What it takes": shown["needs"],
            "What shows it": shown["shows"],
            "Ask": shown["contact"],
        }
        lines = [f"{name}: {words}" for name, words in facts.items() if words]
        sections.append({"heading": "", "paragraphs": [shown["what"]], "list": lines})
    if sections:
        sections[0]["heading"] = "Exemplar practice"
    return sections
