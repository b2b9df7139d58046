"""Form fields that take what people really type, and say clearly what to mend."""

import logging
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localdate

from kith.typed.clamd import NotScanned, virus_in
from kith.typed.text import tidy_text

log = logging.getLogger("kith.typed")
CLOCK = ("%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p", "%H%M")
SECONDS_TO_SCAN = 8  # somebody waits for the page
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


class PlainTextField(forms.CharField):
    """Text, tidied (see `tidy_text`). Text that is too long is refused, never cut short.

    `lines=True` gives a box of several lines with a count of characters.
    """

    def __init__(self, *, lines: bool = False, rows: int = 6, **options: Any) -> None:
        self.lines = lines
        options.setdefault("max_length", 5000 if lines else 200)
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return self.empty_value  # type: ignore[return-value]
        text = tidy_text(str(value), lines=self.lines)
        if self.max_length and len(text) > self.max_length:
            raise ValidationError(
                f"This is {len(text):,} characters long. Shorten it to {self.max_length:,} or fewer.",
                code="too_long",
            )
        return text or self.empty_value  # type: ignore[return-value]


class ScannedFileField(forms.FileField):
    """A file that is read at once and given to nobody, such as a table of rows: scanned for viruses
    first, where the county has a scanner (`KITH_CLAMD`), and not read where that cannot be done.

    One that is larger than `largest` bytes is left to whoever reads it, to be refused unread.
    """

    default_error_messages = {
        "required": "Choose a file",
        "missing": "Choose a file",
        "empty": "The file is empty. Choose another file.",
        "max_length": "Give the file a shorter name.",
    }

    def __init__(self, *, largest: int, **options: Any) -> None:
        self.largest = largest
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and settings.KITH_CLAMD and file.size <= self.largest:
            self._scan(file.read())
            file.seek(0)
        return file

    def _scan(self, content: bytes) -> None:
        try:
            virus = virus_in(content, daemon=settings.KITH_CLAMD, seconds=SECONDS_TO_SCAN)
        except NotScanned as why:
            log.warning("a file was not read: %s", why)
            raise ValidationError(
                "We could not look for viruses in this file just now, so we have not read it. Nothing "
                "was changed. Send it again in a few minutes.",
                code="not_scanned",
            ) from None
        if virus:
            raise ValidationError(
                "This file holds a virus, so we have not read it, and nothing was changed. Tell "
                "whoever looks after your computer, and choose another file.",
                code="virus",
            )


class DateParts(forms.MultiWidget):
    """Three boxes: day, month, year. A draft's or a test's `2015-03-27` is understood too."""

    template_name = "ui/forms/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput(attrs={**number, "data-label": "Day", "data-width": "2"}),
                "month": forms.TextInput(
                    attrs={**number, "data-label": "Month", "data-width": "2"}
                ),
                "year": forms.TextInput(attrs={**number, "data-label": "Year", "data-width": "4"}),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, str):
            parts = value.strip()[:10].split("-")
            return parts[::-1] if len(parts) == 3 else [value, "", ""]
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        parts = super().value_from_datadict(data, files, name)
        if all(part is None for part in parts) and data.get(name):
            return self.decompress(data.get(name))
        return [part or "" for part in parts]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else ""


class DateField(forms.Field):
    """A date in three boxes. Months may be written out, in full or as three letters.

    `past=True` refuses days to come, `future=True` days that are over; today is neither.
    `earliest` and `latest` are days that are still allowed. An error's code is the box it is
    about (`day`, `month`, `year`), or `date`.
    """

    widget = DateParts

    def __init__(
        self,
        *,
        past: bool = False,
        future: bool = False,
        earliest: date | None = None,
        latest: date | None = None,
        **options: Any,
    ) -> None:
        self.past, self.future = past, future
        self.earliest, self.latest = earliest, latest
        super().__init__(**options)

    @property
    def what(self) -> str:
        """What the messages call this date."""
        label = str(self.label or "")
        return label if label and not label.endswith("?") else "The date"

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value is None:
            return value
        if isinstance(value, str):
            value = DateParts().decompress(value)
        day, month, year = (tidy_text(str(part))[:20] for part in value)
        if not (day or month or year):
            return None
        given = {"day": day, "month": month, "year": year}
        missing = [name for name, part in given.items() if not part]
        if missing:
            raise ValidationError(
                f"{self.what} must include a {' and a '.join(missing)}", code=missing[0]
            )
        numbers = {name: _whole_number(part) for name, part in given.items()}
        if numbers["month"] is None:
            numbers["month"] = _month_number(month)
        if numbers["day"] is None or not 1 <= numbers["day"] <= 31:
            raise ValidationError(f"{self.what}: the day must be a number from 1 to 31", code="day")
        if numbers["month"] is None or not 1 <= numbers["month"] <= 12:
            raise ValidationError(
                f"{self.what}: the month must be a number from 1 to 12", code="month"
            )
        if numbers["year"] is None or len(year) != 4 or numbers["year"] < 1000:
            raise ValidationError(
                f"{self.what}: the year must have four numbers, like 2015", code="year"
            )
        try:
            return date(numbers["year"], numbers["month"], numbers["day"])
        except ValueError:
            raise ValidationError(
                f"{self.what} must be a real date: {MONTHS[numbers['month'] - 1].title()} "
                f"{numbers['year']} has no day {numbers['day']}",
                code="day",
            ) from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        today = localdate()
        if self.past and value > today:
            raise ValidationError(f"{self.what} must be today or in the past", code="date")
        if self.future and value < today:
            raise ValidationError(f"{self.what} must be today or in the future", code="date")
        if self.earliest and value < self.earliest:
            raise ValidationError(
                f"{self.what} must be {date_format(self.earliest, 'j F Y')} or later", code="date"
            )
        if self.latest and value > self.latest:
            raise ValidationError(
                f"{self.what} must be {date_format(self.latest, 'j F Y')} or earlier", code="date"
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month_number(text: str) -> int | None:
    word = text.lower().rstrip(".")
    if len(word) < 3:
        return None
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(word)), None)


class ClockField(forms.Field):
    """A time of day as people write it: 14:30, 2.30pm, 9am."""

    def prepare_value(self, value: Any) -> Any:
        """Show a time that is known as people write it, and what was typed as it was."""
        if isinstance(value, time):
            return f"{value:%-I.%M%p}".replace(".00", "").lower()
        return value

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time) or value in self.empty_values:
            return value or None
        text = tidy_text(str(value)[:100]).replace(" ", "").lower()
        for form in CLOCK:
            try:
                return datetime.strptime(text, form).time()
            except ValueError:
                continue
        raise ValidationError("Write the time like 14:30 or 2:30pm.")
