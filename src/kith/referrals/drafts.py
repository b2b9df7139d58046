"""An unfinished request: what has been answered, which pages are still to come, what it asks for.

Plain values and no database. The answers are those of a `NewRequest`, by the same names, as JSON;
`done` lists the pages that have been answered (each child and adult keeps a list of its own).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from kith.referrals.requests import (
    ADULT_ROLES,
    PROFESSIONALS,
    NewAdult,
    NewChild,
    NewRequest,
)

# To whom the pages speak. Somebody else (a grandparent, a neighbour) is spoken to as a worker is.
VOICES = {
    "partner": "worker",
    "professional": "worker",
    "other": "worker",
    "parent": "parent",
    "young_person": "young",
}
RELATIONS = {
    "family": "A relative, such as a grandparent, an aunt or an older brother or sister",
    "friend": "A friend, neighbour or childminder",
    "else": "Somebody else",
}

CHILD_PAGES = ("child", "school", "more")
ADULT_PAGES = ("adult",)
LISTS = {"children": CHILD_PAGES, "adults": ADULT_PAGES}
_LIST_OF = {name: list_name for list_name, names in LISTS.items() for name in names}

# On which page each part of a request is asked, where the page does not have its name.
_PAGE_OF = {
    "sender_kind": "who",
    "sender_organisation_id": "organisation",
    "sender_organisation_name": "organisation",
    "address": "home",
    "postcode": "home",
    "no_fixed_address": "home",
    "would_be_different": "different",
    "service_name": "worry",
    "basis": "agreement",
    "agreed_by": "consent",
    "agreed_how": "consent",
    "agreed_on": "consent",
    "agencies_told": "consent",
    "outcome_may_be_told": "consent",
    "lawful_reason": "lawful",
    "interpreter": "language",
    "contact_by": "contact",
    "contact_advice": "contact",
    "post_is_safe": "contact",
}
_ITEM_PAGE_OF = {
    "children": {
        "school_id": "school",
        "school_name": "school",
        "year_group": "school",
        "ethnicity": "more",
        "young_carer": "more",
        "disabilities": "more",
    },
    "adults": {},
}


@dataclass(frozen=True)
class Page:
    """One page of the form. `number` says which child or adult, counted from 0."""

    name: str
    number: int | None = None

    @property
    def list_name(self) -> str:
        """The list of which this page asks about one: `children`, `adults`, or nothing."""
        return _LIST_OF.get(self.name, "")


class Answers:
    """What has been answered so far. Changing it returns a new one."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self.kept: dict[str, Any] = deepcopy(dict(kept))

    @property
    def kind(self) -> str:
        return str(self.kept.get("sender_kind", ""))

    @property
    def voice(self) -> str:
        """To whom the pages speak: worker, parent or young."""
        return VOICES.get(self.kind, "worker")

    @property
    def for_themselves(self) -> bool:
        return self.voice != "worker"

    def items(self, list_name: str) -> list[dict[str, Any]]:
        """Return the children or the adults named so far."""
        return list(self.kept.get(list_name, []))

    def values(self, page: Page) -> dict[str, Any]:
        """Return what a page may show of what was answered before."""
        if page.number is None:
            return self.kept
        items = self.items(page.list_name)
        return items[page.number] if page.number < len(items) else {}

    def exists(self, page: Page) -> bool:
        """Say whether a page is one of this request's, or the first of one more child or adult."""
        if page.number is None:
            return page in self.pages()
        if page.list_name == "children" and self.voice == "young":
            return page.number == 0
        count = len(self.items(page.list_name))
        first = LISTS[page.list_name][0] if page.list_name else ""
        return page.number < count or (page.number == count and page.name == first)

    def pages(self) -> list[Page]:
        """Return the pages of this request, in the order in which they are asked."""
        return list(self._pages())

    def _pages(self) -> Iterator[Page]:
        if self.kind != "partner":
            yield Page("who")
        if not self.kind:
            return
        yield Page("you")
        if self.kind == "professional":
            yield Page("organisation")
        if self.voice == "young":
            for name in CHILD_PAGES:
                yield Page(name, 0)
        else:
            yield from self._list("children")
        yield from self._list("adults")
        yield Page("home")
        yield Page("worry")
        yield Page("going_well")
        yield Page("tried")
        yield Page("different")
        yield Page("needs")
        if len(self.kept.get("needs", [])) > 1:
            yield Page("main_need")
        if self.voice != "young":
            yield Page("groups")
        if self.kind in PROFESSIONALS:
            yield Page("agreement")
        if self.kind in PROFESSIONALS and self.kept.get("basis") == "no_consent":
            yield Page("lawful")
        else:
            yield Page("consent")
        yield Page("language")
        yield Page("contact")
        yield Page("files")

    def _list(self, list_name: str) -> Iterator[Page]:
        for number in range(len(self.items(list_name))):
            for name in LISTS[list_name]:
                yield Page(name, number)
        if list_name == "children" and not self.items("children"):
            # There is a first child: ask for their name, not whether there is one.
            yield Page("child", 0)
        else:
            yield Page(list_name)

    def done(self, page: Page) -> bool:
        """Say whether a page has been answered."""
        return page.name in self.values(page).get("done", [])

    def first_unfinished(self) -> Page | None:
        """Return the page to go on with; None when all have been answered."""
        return next((page for page in self.pages() if not self.done(page)), None)

    def before(self, page: Page) -> Page | None:
        """Return the page that comes before another; for the link back."""
        pages = self.pages()
        if page not in pages:  # one more child or adult
            return Page(page.list_name) if page.list_name else None
        place = pages.index(page)
        return pages[place - 1] if place else None

    def with_page(self, page: Page, values: Mapping[str, Any]) -> "Answers":
        """Return the answers with those of one page, which is then done."""
        changed = Answers(self.kept)
        if page.number is None:
            target = changed.kept
        else:
            items = changed.kept.setdefault(page.list_name, [])
            if page.number == len(items):
                items.append({})
            target = items[page.number]
        target.update(_plain(values))
        target["done"] = [
            *(name for name in target.get("done", []) if name != page.name),
            page.name,
        ]
        return changed

    def without(self, list_name: str, number: int) -> "Answers":
        """Return the answers without one child or adult."""
        changed = Answers(self.kept)
        items = changed.kept.get(list_name, [])
        if number < len(items):
            del items[number]
        return changed

    def not_done(self, page: Page) -> "Answers":
        """Return the answers with a page to be asked again."""
        changed = Answers(self.kept)
        changed.kept["done"] = [name for name in changed.kept.get("done", []) if name != page.name]
        return changed

    def own_name(self) -> str:
        """Return the sender's name."""
        if self.for_themselves:
            names = (self.kept.get("given_names", ""), self.kept.get("family_name", ""))
            return " ".join(name for name in names if name)
        return str(self.kept.get("sender_name", ""))

    def page_of(self, field: str) -> Page:
        """Return the page on which a part of the request (`children.0.sex`) is asked."""
        parts = field.split(".")
        if parts[0] in LISTS and len(parts) > 2:
            number = int(parts[1])
            if parts[0] == "adults" and self.kind == "parent":
                if number == 0:
                    return Page("you")
                number -= 1
            name = _ITEM_PAGE_OF[parts[0]].get(parts[2], LISTS[parts[0]][0])
            if self.voice == "young" and parts[2] in ("given_names", "family_name"):
                return Page("you")
            return Page(name, number)
        if parts[0] == "children" and self.voice == "young":
            return Page("child", 0)
        if parts[0] in _PAGE_OF:
            return Page(_PAGE_OF[parts[0]])
        return Page("you" if parts[0].startswith("sender_") else parts[0])

    def request(self) -> NewRequest:
        """Return the request that these answers make, whether or not it is complete."""
        kept = {name: value for name, value in self.kept.items() if name in _REQUEST_FIELDS}
        kept = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        kept["children"] = tuple(self._children())
        kept["adults"] = tuple(self._adults())
        if self.for_themselves:
            kept["sender_name"] = self.own_name()
            kept["sender_role"] = ADULT_ROLES.get(self.kept.get("role", ""), "")
        if self.kind == "other":
            kept["sender_role"] = RELATIONS.get(self.kept.get("relation", ""), "")
        if self.kind not in PROFESSIONALS:
            kept["sender_reference"] = ""
        if self.kind and self.kind not in PROFESSIONALS:
            kept["basis"] = "consent"
        if self.kept.get("basis") == "no_consent" and self.kind in PROFESSIONALS:
            kept |= {"agreed_by": "", "agreed_how": "", "agreed_on": None}
        else:
            kept["lawful_reason"] = ""
        kept["agreed_on"] = _date(kept.get("agreed_on"))
        if kept.get("main_need") not in kept.get("needs", ()):
            kept["main_need"] = kept["needs"][0] if len(kept.get("needs", ())) == 1 else ""
        if self.kept.get("no_fixed_address"):
            kept |= {"address": "", "postcode": ""}
        kept["urgent"] = bool(self.kept.get("danger"))
        return NewRequest(**{**_EMPTY, **kept})

    def _children(self) -> Iterator[NewChild]:
        children = self.items("children")
        if self.voice == "young":
            own = {name: self.kept.get(name, "") for name in ("given_names", "family_name")}
            children = [{**(children[0] if children else {}), **own}]
        for child in children:
            kept = {name: value for name, value in child.items() if name in _CHILD_FIELDS}
            kept["disabilities"] = tuple(kept.get("disabilities", ()))
            kept["date_of_birth"] = _date(kept.get("date_of_birth"))
            kept["expected_on"] = _date(kept.get("expected_on"))
            yield NewChild(**{"given_names": "", "family_name": "", **kept})

    def _adults(self) -> Iterator[NewAdult]:
        adults = self.items("adults")
        if self.kind == "parent":
            own = {name: self.kept.get(name, "") for name in ("given_names", "family_name", "role")}
            own["parental_responsibility"] = self.kept.get("parental_responsibility")
            own["phone"] = self.kept.get("sender_phone", "")
            own["email"] = self.kept.get("sender_email", "")
            adults = [own, *adults]
        for adult in adults:
            kept = {name: value for name, value in adult.items() if name in _ADULT_FIELDS}
            kept["date_of_birth"] = _date(kept.get("date_of_birth"))
            yield NewAdult(**{"given_names": "", "family_name": "", **kept})


def danger_in(text: str, words: Iterable[str]) -> list[str]:
    """Return the warning words that a text holds, whatever its capitals and punctuation."""
    spoken = f" {_spoken(text)} "
    return [word for word in words if (said := _spoken(word)) and f" {said} " in spoken]


def _spoken(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold().replace("'", "").replace("’", "")))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


_REQUEST_FIELDS = {field.name for field in fields(NewRequest)}
_CHILD_FIELDS = {field.name for field in fields(NewChild)}
_ADULT_FIELDS = {field.name for field in fields(NewAdult)}
_EMPTY: dict[str, Any] = {
    "channel": "web",
    "sender_kind": "",
    "sender_name": "",
    "worry": "",
    "basis": "",
}
