"""What a file says, value by value, for a person to look through: where each stands, and what to confirm.

`values` parts what `record.read` found; `settled` puts what a person decided back into it. Nothing is
certain that the reader warned of, and nothing is added but what a person enters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz

Record = dict[str, Any]
Decided = Mapping[
    str, Mapping[str, str]
]  # by place: what was said (a choice), and the words for it
Choices = tuple[tuple[str, str], ...]

RIGHT, OUT = ("right", "It is right as it was read"), ("out", "Leave it out")
SEEN: Choices = (("right", "I have looked at it"),)
CHANGED = "changed"  # the choice that takes words
STILL: Choices = (
    ("open", "It is still to be done: add it to the forward plan"),
    ("over", "It is over, or nobody knows: keep it in the minutes alone"),
)
ALIKE = 92  # of 100: two wordings of one recommendation that a person is asked about


@dataclass(frozen=True)
class Value:
    """One thing that a file says. It is certain where `asks` is empty; else one of `choices` is made."""

    place: str
    about: str  # meeting, people, items, points, recommendations, actions, themes, practice, file
    words: str
    line: int | None = None
    asks: tuple[str, ...] = ()
    choices: Choices = ()


def values(found: Record) -> list[Value]:
    """Return everything that a file says, in its order, and all that the reader warned of."""
    made = [*_meeting(found), *_people(found), *_items(found), *_report(found), *_asked_for(found)]
    asks: dict[str, list[str]] = defaultdict(list)
    notes: list[Value] = []
    for warning in found["warnings"]:
        place = _place_of(warning, made, found)
        if place:
            asks[place].append(warning["text"])
        else:
            notes.append(
                Value(f"notes/{len(notes)}", "file", warning["text"], warning["line"],
                      (warning["text"],), SEEN)
            )  # fmt: skip
    return notes + [_asking(value, asks.get(value.place, ())) for value in made]


def _asking(value: Value, asks: Iterable[str]) -> Value:
    said = (*value.asks, *asks)
    if not said:
        return value
    choices = value.choices or (RIGHT, (CHANGED, "It should be"), OUT)
    return replace(value, asks=said, choices=choices)


def waiting(made: Iterable[Value], decided: Decided) -> list[Value]:
    """Return what a person has still to decide."""
    return [one for one in made if one.asks and one.place not in decided]


def _meeting(found: Record) -> Iterable[Value]:
    if found["doc_type"] == "scrutiny_review_report":
        yield Value("title", "meeting", found["title"] or "", None)
        # A report is dated by its month; its recommendations by the meeting that discussed it.
        yield Value("date", "meeting", found["date_text"] or found["date"] or "", None, (),
                    (("right", "It is right as it was read"),))  # fmt: skip
        return
    missing = ((CHANGED, "It is"),)
    for name, says in (("date", "on which day it met"), ("start_time", "when it began")):
        if found[name]:
            yield Value(name, "meeting", found[name], None, (), (RIGHT, (CHANGED, "It should be")))
        else:
            yield Value(
                name, "meeting", "", None, (f"The text does not say {says}. Enter it.",), missing
            )
    if found.get("finish_time"):
        yield Value("finish_time", "meeting", found["finish_time"])
    if found.get("venue"):
        yield Value("venue", "meeting", found["venue"])


def _people(found: Record) -> Iterable[Value]:
    for person in found.get("people", ()):
        words = " ".join(filter(None, (person["honorific"], person["name"])))
        if person["post"]:
            words += f", {person['post']}"
        yield Value(f"people/{person['key']}", "people", words, min(person["lines"], default=None))


def _items(found: Record) -> Iterable[Value]:
    for item in found.get("items", ()):
        title = item["title"] or item["title_inferred"] or ""
        yield Value(
            f"items/{item['seq']}",
            "items",
            " ".join(filter(None, (item["number"], title))),
            item["lines"][0] if item["lines"] else None,
            () if title else ("The text has lost the title of this item. Give it one.",),
            (RIGHT, (CHANGED, "Its title is"), OUT) if title else ((CHANGED, "Its title is"), OUT),
        )
        for point in points_of(item, found):
            yield Value(point["place"], "points", point["text"], point["line"])


def _report(found: Record) -> Iterable[Value]:
    if found["doc_type"] != "scrutiny_review_report":
        return
    for number, theme in enumerate(found["themes"]):
        findings = " ".join(one["text"] for one in theme["findings"])
        title = theme["title"] or ""
        yield Value(
            f"themes/{number}",
            "themes",
            f"{title}: {findings}" if title else findings,
            theme["line"] or (theme["findings"][0]["line"] if theme["findings"] else None),
            () if title else ("This theme has no heading in the text. Give it one.",),
            ((CHANGED, "Its heading is"),) if not title else (RIGHT, (CHANGED, "Its heading is")),
        )
    for one in found.get("exemplar_practice", ()):
        yield Value(f"practice/{one['id']}", "practice", one["text"], one["line"])


def _asked_for(found: Record) -> Iterable[Value]:
    for one in found.get("recommendations", ()):
        yield Value(f"recommendations/{one['id']}", "recommendations", one["text"], one["line"])
    still = ("Is it still to be done?",)
    for one in found.get("actions", ()):
        yield Value(f"actions/{one['id']}", "actions", one["text"], one["line"], still, STILL)


def points_of(item: Record, found: Record) -> list[Record]:
    """Return all that was minuted under an item, in the order of its lines: what was said, the themes
    with their findings, and what was recommended under them. Each has its `place`."""
    seq = item["seq"]
    points = [
        {**point, "place": f"items/{seq}/points/{number}"}
        for number, point in enumerate(item["points"])
    ]
    wanted = {one["id"]: one for one in found.get("recommendations", ())}
    for at, theme in enumerate(item.get("themes", ())):
        place = f"items/{seq}/themes/{at}"
        if theme["title"]:
            points.append(
                {"place": place, "line": theme["line"], "kind": "theme", "speaker": None,
                 "text": theme["title"]}
            )  # fmt: skip
        points += [
            {**one, "place": f"{place}/{number}", "kind": "finding", "speaker": None}
            for number, one in enumerate(theme["findings"])
        ]
        points += [
            {**wanted[key], "place": f"{place}/{key}", "kind": "recommendation", "speaker": None}
            for key in theme["recommendations"]
            if key in wanted
        ]
    return sorted(points, key=lambda one: (one["line"] is None, one["line"] or 0))


_OF_PEOPLE = {"apologies", "substitutes", "attendance", "similar_names", "initials"}
_OF_ITEMS = {"item", "numbering", "restricted"}


def _place_of(warning: Record, made: list[Value], found: Record) -> str:
    """Return the place of the value that a warning speaks of; nothing where it is not one of them."""
    kind, line = warning["kind"], warning["line"]
    if kind in ("date", "weekday"):
        return "date" if any(one.place == "date" for one in made) else ""
    if kind in ("start_time", "finish_time"):
        return kind if any(one.place == kind for one in made) else ""
    if line is None:
        return ""
    if kind in _OF_ITEMS:
        began = [
            item for item in found.get("items", ()) if item["lines"] and item["lines"][0] <= line
        ]
        return f"items/{began[-1]['seq']}" if began else ""
    if kind == "theme" and not found.get("items"):
        return next((one.place for one in made if one.about == "themes" and one.line == line), "")
    if kind in _OF_PEOPLE:
        here = [one for one in found.get("people", ()) if line in one["lines"]]
        named = [one for one in here if one["name"].lower() in warning["text"].lower()]
        sure = named if len(named) == 1 else here if len(here) == 1 else []
        return f"people/{sure[0]['key']}" if sure else ""
    if kind in ("truncated", "count"):
        return next((one.place for one in made if one.about == "points" and one.line == line), "")
    return ""


def settled(found: Record, decided: Decided) -> Record:
    """Return what a file says with what a person decided put in: changed, left out, or as it was read."""
    record = deepcopy(found)

    def said(place: str) -> str:
        return decided.get(place, {}).get("said", "")

    def changed(place: str, before: Any) -> Any:
        return decided[place]["words"] if said(place) == CHANGED else before

    for name in ("date", "start_time", "finish_time", "venue"):
        if name in record:
            record[name] = None if said(name) == "out" else changed(name, record[name])
    if "people" in record:
        record["people"] = [
            one for one in record["people"] if said(f"people/{one['key']}") != "out"
        ]
    items = []
    for item in record.get("items", ()):
        place = f"items/{item['seq']}"
        if said(place) == "out":
            continue
        item["title"] = changed(place, item["title"] or item["title_inferred"])
        kept = [one for one in points_of(item, found) if said(one["place"]) != "out"]
        item["minuted"] = [{**one, "text": changed(one["place"], one["text"])} for one in kept]
        items.append(item)
    if "items" in record:
        record["items"] = items
    for number, theme in enumerate(record.get("themes", ())):
        theme["title"] = changed(f"themes/{number}", theme["title"])
    for name, place in (("recommendations", "recommendations"), ("exemplar_practice", "practice")):
        if name in record:
            kept = [one for one in record[name] if said(f"{place}/{one['id']}") != "out"]
            record[name] = [
                {**one, "text": changed(f"{place}/{one['id']}", one["text"])} for one in kept
            ]
    for action in record.get("actions", ()):
        action["open"] = said(f"actions/{action['id']}") == "open"
    return record


def plain(words: str) -> str:
    """Return words as two papers that copy one another have them alike: quotes, dashes, spaces, last stop."""
    for one, other in (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("\xa0", " ")):
        words = words.replace(one, other)
    return " ".join(words.casefold().split()).rstrip(" .;:")


def same_words(one: str, other: str) -> bool:
    """Say whether two papers have the same sentence, whatever their quotes, spaces and last stop."""
    return plain(one) == plain(other)


def alike(one: str, other: str) -> bool:
    """Say whether two sentences may be wordings of one: a person decides."""
    return bool(fuzz.token_sort_ratio(plain(one), plain(other)) >= ALIKE)
