"""Forms of the shell."""

from typing import Any

from django import forms

from kith.analytics.indicators import Period
from kith.hubs.queries import all_hubs
from kith.ui.fields import PlainTextField
from kith.ui.look import PART_CONTRAST, TEXT_CONTRAST, NotAColour, problem_on_white, tidy_colour


class FiguresForm(forms.Form):
    """Which months, and whose."""

    mark_optional = False

    period = forms.ChoiceField(label="Period", required=False)
    hub = forms.ChoiceField(label="Hub", required=False)

    def __init__(
        self,
        data: Any,
        *,
        periods: dict[str, Period],
        hubs: list[tuple[str, str]],
        by: str = "",
    ) -> None:
        super().__init__(data)
        self.fields["period"].choices = [(key, period.name) for key, period in periods.items()]  # type: ignore[attr-defined]
        self.fields["hub"].choices = [("", "The whole county"), *hubs]  # type: ignore[attr-defined]
        if by:
            self.fields["by"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=by
            )


class LookForm(forms.Form):
    """The county's name, colours and front door."""

    layout = {
        name: {"width": 10}
        for name in ("main_colour", "accent_colour", "link_colour", "button_colour")
    } | {"front_door_phone": {"width": 20}, "out_of_hours_phone": {"width": 20}}

    county_name = PlainTextField(label="Name of the county or council", max_length=60)
    service_name = PlainTextField(
        label="Name of the service",
        max_length=60,
        help_text="It follows the county's name at the head of every page.",
    )
    front_door_phone = PlainTextField(
        label="Front door's telephone number", max_length=40, required=False
    )
    front_door_hours = PlainTextField(
        label="When it is answered",
        max_length=200,
        required=False,
        help_text="For example, Monday to Friday, 8:30am to 5pm.",
    )
    out_of_hours_phone = PlainTextField(
        label="Telephone number at other times", max_length=40, required=False
    )
    front_door_email = forms.EmailField(label="Front door's e-mail address", required=False)
    main_colour = PlainTextField(
        label="Main colour",
        max_length=20,
        help_text="Behind the county's name. For example, #0b4a4c.",
    )
    accent_colour = PlainTextField(
        label="Second colour", max_length=20, help_text="The line under the county's name."
    )
    link_colour = PlainTextField(label="Colour of links", max_length=20)
    button_colour = PlainTextField(
        label="Colour of buttons", max_length=20, help_text="The words on them are white."
    )

    def _colour(self, name: str, least: float | None) -> str:
        try:
            colour = tidy_colour(self.cleaned_data[name])
        except NotAColour as wrong:
            raise forms.ValidationError(str(wrong)) from None
        problem = problem_on_white(colour, least=least) if least else ""
        if problem:
            raise forms.ValidationError(problem)
        return colour

    def clean_main_colour(self) -> str:
        return self._colour("main_colour", PART_CONTRAST)

    def clean_accent_colour(self) -> str:
        return self._colour("accent_colour", None)

    def clean_link_colour(self) -> str:
        return self._colour("link_colour", TEXT_CONTRAST)

    def clean_button_colour(self) -> str:
        return self._colour("button_colour", TEXT_CONTRAST)


class AskedForForm(forms.Form):
    """Of which hub, and since when. What is not understood is the county, and three months."""

    mark_optional = False
    PERIODS = [("3", "The last three months"), ("12", "The last twelve months")]
    hub = forms.ChoiceField(label="Where?", required=False)
    months = forms.ChoiceField(label="Since when?", choices=PERIODS, required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        hubs = [(one.slug, f"{one.name}’s area") for one in all_hubs()]
        self.fields["hub"].choices = [("", "The whole county"), *hubs]  # type: ignore[attr-defined]

    def asked(self) -> tuple[str, int]:
        """Return the hub's slug, "" for the county, and how many months."""
        self.is_valid()
        return self.cleaned_data.get("hub", ""), int(self.cleaned_data.get("months") or 3)
