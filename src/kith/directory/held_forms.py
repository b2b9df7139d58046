"""Forms in which those who give a service say what is different about its places and times."""

from collections.abc import Iterator
from typing import Any

from django import forms

from kith.directory.actions import DirectoryRefused, Times, Where, check_place, check_times
from kith.directory.held import NEW, PLACE, TIME, Values, Words, in_order, plain_times, times_of
from kith.directory.keeping_forms import TimesForm
from kith.directory.models import Place, Schedule
from kith.places.queries import NotAPostcode, NotInTheCounty, find_postcode
from kith.ui.fields import ChoosingForm, DateField, PlainTextField

STAYS, DIFFERENT, OFF, OVER = "stays", "different", "off", "over"
UNSAID = "You wrote something else below. Choose what is different, or put it back as it was."
Every = Schedule.Every


class OwnPlaceForm(ChoosingForm):
    """Where a service is given: still there, at another place now, or not there any more."""

    what = forms.ChoiceField(
        label="Is it still given here?",
        help_text="If it has moved, its times move with it.",
        widget=forms.RadioSelect,
        required=False,
    )
    name = PlainTextField(label="What is the place called?", max_length=200, required=False)
    address = PlainTextField(
        label="Address", help_text="Without town and postcode.", max_length=300, required=False
    )
    town = PlainTextField(label="Town or village", max_length=100, required=False)
    postcode = PlainTextField(label="Postcode", max_length=10, required=False)
    shown = forms.ChoiceField(
        label="How much of the address may everybody know?", choices=Place.Shown.choices,
        widget=forms.RadioSelect, initial="full", required=False,
    )  # fmt: skip
    words = PlainTextField(
        label="Where in it?", help_text="For example: the room behind the library.", max_length=300, required=False
    )  # fmt: skip
    layout = {
        "what": {"small": True, "optional": False},
        "name": {"optional": False},
        "postcode": {"width": 10},
        "shown": {"small": True, "optional": False},
    }
    reveals = {"what": {DIFFERENT: ["name", "address", "town", "postcode", "shown", "words"]}}

    def __init__(
        self, *args: Any, base: Values | None, stands: Values | None, title: str, **named: Any
    ) -> None:
        self.base, self.stands, self.title = base, stands, title
        new = (base or {}).get("new", {})
        initial = {"what": STAYS if base else OVER, "words": (base or {}).get("words", ""), **new}
        super().__init__(*args, **{**named, "initial": initial})
        self.offer(
            "what",
            [
                (STAYS, "Yes" if base == stands or not base else "As you sent it"),
                (DIFFERENT, "No, it is given at another place now"),
                (OVER, "No, it is not given here any more"),
            ],
        )

    @property
    def tells(self) -> bool:
        """Say whether another place is told of."""
        return self.is_bound and self.cleaned_data.get("what") == DIFFERENT

    def clean(self) -> dict[str, Any]:
        """Ask for what a new place must have: by the rules for all places."""
        given = super().clean() or self.cleaned_data
        told = set(self.changed_data) - {"what", "shown"}
        if given.get("what") == STAYS and told:
            self.add_error("what", UNSAID)
        if not self.tells or self.errors:
            return given
        if not given["name"]:
            self.add_error("name", "Enter what the place is called.")
            return given
        given["shown"] = given["shown"] or Place.Shown.FULL
        try:
            check_place(Where(kind=Place.Kind.OTHER, **{name: given[name] for name in NEW}))
            if given["postcode"]:
                given["postcode"] = str(find_postcode(given["postcode"]))
        except DirectoryRefused as problem:
            self.add_error(problem.field, str(problem))
        except (NotAPostcode, NotInTheCounty) as problem:
            self.add_error("postcode", str(problem))
        return given

    def value(self) -> Values | None:
        """Return what was said, as a plain value."""
        given = self.cleaned_data
        if self.tells:
            new = {name: given[name] for name in NEW}
            return {"place": "", "shown": given["shown"], "words": given["words"], "new": new}
        return None if given["what"] == OVER else self.base or self.stands


class AnotherPlaceForm(OwnPlaceForm):
    """Another place at which a service is given too; left empty where there is none."""

    what = None  # type: ignore[assignment]
    reveals = {}

    def __init__(self, *args: Any, **named: Any) -> None:
        super(OwnPlaceForm, self).__init__(*args, **named)
        self.base = self.stands = None
        self.title = ""

    @property
    def tells(self) -> bool:
        """Say whether another place is told of."""
        return self.is_bound and any(
            self.cleaned_data.get(name) for name in (*NEW, "words") if name != "shown"
        )

    def value(self) -> Values | None:
        """Return what was said, as a plain value; None for nothing."""
        return super().value() if self.tells else None


class OwnTimesForm(TimesForm):
    """When a service is held: as before, differently, not on one day, or not any more."""

    what = forms.ChoiceField(
        label="Is it still held then?", widget=forms.RadioSelect, required=False
    )
    off_day = DateField(label="On which day is it not held?", required=False)
    off_words = PlainTextField(label="Why?", max_length=200, required=False)
    field_order = ("what",)
    reveals = {"what": {DIFFERENT: list(TimesForm.base_fields), OFF: ["off_day", "off_words"]}}
    layout = TimesForm.layout | {
        "what": {"small": True, "optional": False},
        "every": {"small": True, "optional": False},
        "weekday": {"optional": False},
        "off_day": {"optional": False},
    }

    def __init__(
        self, *args: Any, base: Values | None, stands: Values | None, title: str,
        places: list[tuple[str, str]], **named: Any,
    ) -> None:  # fmt: skip
        self.base, self.stands, self.title = base, stands, title
        initial: dict[str, Any] = {"what": STAYS if base else OVER}
        if shown := base or stands:
            initial |= times_of(shown) | {"held": shown["at"]}
        super().__init__(*args, service=None, initial=initial, **named)
        self.offer("held", [("", "Wherever it is"), *places])
        self.fields["every"].required = False
        self.fields["nth"].help_text = "Only where it is once a month."
        if "what" in self.fields:
            self.offer(
                "what",
                [
                    (STAYS, "Yes" if base == stands or not base else "As you sent it"),
                    (DIFFERENT, "No, something is different"),
                    (OFF, "Yes, but not on one day"),
                    (OVER, "No, it is not held then any more"),
                ],
            )

    @property
    def tells(self) -> bool:
        """Say whether other times are told of."""
        return self.is_bound and self.cleaned_data.get("what") == DIFFERENT

    def clean(self) -> dict[str, Any]:
        """Ask for what times must have: by the rules for all times."""
        given = super().clean() or self.cleaned_data
        what = given.get("what")
        if what == STAYS and set(self.changed_data) & set(TimesForm.base_fields):
            self.add_error("what", UNSAID)
        if what == OFF and not given.get("off_day") and "off_day" not in self.errors:
            self.add_error("off_day", "Enter the day on which it is not held.")
        if self.tells and not self.errors:
            try:
                check_times(self._times())
            except DirectoryRefused as problem:
                self.add_error(problem.field, str(problem))
        return given

    def _times(self) -> Times:
        given = {name: self.cleaned_data[name] for name in TimesForm.base_fields if name != "held"}
        given["every"] = given["every"] or Every.WEEK
        if given["every"] == Every.ONCE:
            given |= {"weekday": None, "until": None}
        if given["every"] != Every.MONTH_DAY:
            given["nth"] = None
        return Times(**given)

    def value(self) -> Values | None:
        """Return what was said, as a plain value."""
        given, known = self.cleaned_data, self.base or self.stands
        off = list(known["off"]) if known else []
        if self.tells:
            return {"at": given["held"], "off": off, **plain_times(self._times())}
        if given.get("what") == OFF and known:
            off = [one for one in off if one["day"] != given["off_day"].isoformat()]
            off.append({"day": given["off_day"].isoformat(), "words": given["off_words"]})
            return {**known, "off": sorted(off, key=lambda one: str(one["day"]))}
        return None if given.get("what") == OVER else known


class MoreTimesForm(OwnTimesForm):
    """Times that are new; left empty where there are none."""

    what = off_day = off_words = None  # type: ignore[assignment]
    reveals = {}

    @property
    def tells(self) -> bool:
        """Say whether times are told of."""
        return self.is_bound and bool(set(self.changed_data) - {"every", "held"})

    def value(self) -> Values | None:
        """Return what was said, as a plain value; None for nothing."""
        return super().value() if self.tells else None


class OtherTimesForm(OwnTimesForm):
    """Times that whoever decides would rather have than those that were proposed."""

    what = off_day = off_words = None  # type: ignore[assignment]
    reveals = {}
    tells = True  # type: ignore[assignment]


def other_times(
    data: Any, *, stands: Values, sent: Values, before: str
) -> dict[str, OtherTimesForm]:
    """Return a form for each time that was sent, beginning with what it says. `before` its fields'
    names stands this, and the time's own name."""
    every = stands | sent
    words = Words([every])
    rooms = [
        (name, words.of(name, every[name], every).split("\n")[0])
        for name in in_order(every)
        if name.startswith(PLACE) and every[name]
    ]
    return {
        name: OtherTimesForm(
            data, prefix=before + name, base=sent[name], stands=None, title="", places=rooms
        )
        for name in in_order(sent)
        if name.startswith(TIME) and sent[name]
    }


class WhereAndWhen:
    """All that is asked about places and times: of those that are there, and of new ones."""

    def __init__(self, data: Any, *, stands: Values, sent: Values) -> None:
        every, words = stands | sent, Words([stands, sent])
        names = in_order(every)
        new_place, more = f"{PLACE}new{len(names)}", [f"{TIME}new{len(names)}{n}" for n in "ab"]

        def known(name: str) -> dict[str, Any]:
            value = every[name] or stands.get(name)
            title = words.of(name, value, every)
            return {"prefix": name, "base": every[name], "stands": stands.get(name), "title": title}

        self.places = [
            OwnPlaceForm(data, **known(name)) for name in names if name.startswith(PLACE)
        ]
        self.new_place = AnotherPlaceForm(data, prefix=new_place)
        rooms = [(one.prefix or "", one.title.split("\n")[0]) for one in self.places]
        rooms.append((new_place, "The other place that you add below"))
        self.times = [
            OwnTimesForm(data, places=rooms, **known(name))
            for name in names
            if name.startswith(TIME)
        ]
        nothing: dict[str, Any] = {"base": None, "stands": None, "title": "", "places": rooms}
        self.new_times = [MoreTimesForm(data, prefix=name, **nothing) for name in more]
        self.stands, self.sent = stands, sent

    def __iter__(self) -> Iterator[Any]:
        yield from (*self.times, *self.new_times, *self.places, self.new_place)

    def is_valid(self) -> bool:
        """Say whether all was said as it can be."""
        valid = [one.is_valid() for one in self]  # each says what is wrong
        return all(valid)

    def values(self) -> Values:
        """Return what was said, as plain values; of what is new, and not told of, none."""
        new = {one.prefix for one in (self.new_place, *self.new_times)}
        said = {str(one.prefix): one.value() for one in self}
        return {
            name: value
            for name, value in said.items()
            if value is not None or (name not in new and name in self.stands)
        }
