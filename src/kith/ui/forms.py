"""How forms look: Django's own forms, drawn with the components of the GOV.UK Design System.

A form may say more about its look in plain class attributes, none of them needed:

    layout   = {"postcode": {"width": 10, "heading": True, "inline": True, ...}}
    hints    = {"agreed": {"no": "You must then give a lawful reason."}}   a hint under a choice
    reveals  = {"agreed": {"no": ["lawful_reason"]}}   fields that show when a choice is made
    dividers = {"who": {"none": "or"}}                 a word before a choice
    mark_optional = True                               "(optional)" after labels
"""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kith.ui.fields import DateParts

REQUIRED = "Answer this question."
# Questions that stand after “Choose” or “Enter” as they are: who is away, which hub, how many minutes.
CLAUSE = re.compile(r"(who|whom|what|which|why|where|when|how)\b", re.IGNORECASE)
# Not so where the verb stands before whom it is about: “What did you find?”
TURNED = re.compile(
    r"^(who|whom|what|why|where|when|how) (do|does|did|else was) |^(what|where|why|how) (is|are|was|were) "
    r"(?!done\b|due\b|new\b|entered\b)"
    r"|\b(do|does|did|is|are|was|were|will|can|must|may|should|has|have) "
    r"(it|this|that|they|you|i|we|he|she|the|their|your|somebody|nobody|another)\b",
    re.IGNORECASE,
)


class BoundField(forms.BoundField):
    """A field with its value, which knows the component that draws it."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self._shown: dict[str, Any] = dict(getattr(form, "layout", {}).get(name, {}))

    # How it is asked

    @property
    def kind(self) -> str:
        """The component: radios, checkboxes, checkbox, date, textarea, select, file, ..."""
        widget = self.field.widget
        match widget:
            case forms.CheckboxSelectMultiple():  # a kind of RadioSelect, for Django
                return "checkboxes"
            case forms.RadioSelect():
                return "radios"
            case forms.CheckboxInput():
                return "checkbox"
            case DateParts():
                return "date"
            case forms.Textarea():
                return "textarea"
            case forms.Select():
                return "select"
            case forms.FileInput():
                return "file"
            case forms.PasswordInput():
                return "password"
        return "hidden" if widget.is_hidden else "input"

    @property
    def shown(self) -> dict[str, Any]:
        """How this field is shown; see `{% field %}`."""
        return self._shown

    def show(self, **options: Any) -> "BoundField":
        """Say how this field is shown, beyond what the form's `layout` says."""
        self._shown.update(options)
        return self

    @property
    def asks(self) -> str:
        """The label, saying so where an answer is not needed."""
        label = str(self.label)
        if (
            not self.field.required
            and self.kind not in {"checkbox", "hidden"}
            and getattr(self.form, "mark_optional", True)
            and self._shown.get("optional", True)
            and "optional" not in label.lower()
        ):
            label += " (" + gettext("optional") + ")"
        return label

    @property
    def size(self) -> str:
        """The size of the label: s, m, l, xl, or nothing for plain text."""
        if "size" in self._shown:
            return str(self._shown["size"] or "")
        if self.is_revealed:
            return ""
        return "l" if self._shown.get("heading") else "s"

    @property
    def count(self) -> int | None:
        """How many characters fit, where that is counted on the page."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    # Choices

    @property
    def reveals(self) -> dict[str, list[str]]:
        """Fields that show when a choice of this one is made."""
        reveals: dict[str, dict[str, list[str]]] = getattr(self.form, "reveals", {})
        return reveals.get(self.name, {})

    @property
    def is_revealed(self) -> bool:
        """Say whether this field belongs under a choice of another."""
        reveals: dict[str, dict[str, list[str]]] = getattr(self.form, "reveals", {})
        return any(self.name in names for fields in reveals.values() for names in fields.values())

    @property
    def options(self) -> Iterator[dict[str, Any]]:
        """The choices, each with its hint, divider and the fields it reveals."""
        hints = getattr(self.form, "hints", {}).get(self.name, {})
        dividers = getattr(self.form, "dividers", {}).get(self.name, {})
        group = None
        context = self.field.widget.get_context(
            self.html_name, self.value(), self.build_widget_attrs({"id": self.auto_id})
        )
        for group_name, choices, _ in context["widget"]["optgroups"]:
            for choice in choices:
                value = str(choice["value"])
                if self.kind == "radios" and value == "" and not self._shown.get("blank"):
                    continue
                names = self.reveals.get(value, [])
                yield {
                    **choice,
                    "value": value,
                    "id": choice["attrs"].get("id", ""),
                    "hint": hints.get(value, ""),
                    "divider": dividers.get(value, ""),
                    "group": group_name if group_name != group else None,
                    "fields": [self.form[name] for name in names if name in self.form.fields],
                    "exclusive": value in getattr(self.form, "exclusive", {}).get(self.name, ()),
                }
                group = group_name

    @property
    def folds(self) -> list[dict[str, Any]]:
        """The choices by their groups, for a list that is folded: each group with what is chosen of it.
        What stands in no group comes first."""
        folds: list[dict[str, Any]] = [{"group": "", "options": [], "chosen": []}]
        for option in self.options:
            if option["group"] is not None:
                folds.append({"group": option["group"], "options": [], "chosen": []})
            folds[-1]["options"].append({**option, "group": None})
            if option["selected"]:
                folds[-1]["chosen"].append(option["label"])
        return [fold for fold in folds if fold["options"]]

    # What was wrong

    @property
    def messages(self) -> list[str]:
        """What is wrong, each naming what to do."""
        if not self.errors:
            return []
        found: list[str] = []
        for error in self.errors.as_data():
            for message in ValidationError([error]).messages:
                text = self._enter() if message == REQUIRED else message
                if text not in found:
                    found.append(text)
        return found

    def _enter(self) -> str:
        label = str(self.label)
        if self.kind == "checkbox":
            return f"Tick “{label}” to go on"
        verb = "Choose" if self.kind in {"file", "select", "radios", "checkboxes"} else "Enter"
        if len(label) > 1 and not label[1].isupper():
            label = label[0].lower() + label[1:]
        if not label.endswith("?"):
            return f"{verb} {label}"
        if self.kind == "date":
            return f"Enter the date: {label}"
        if CLAUSE.match(label) and not TURNED.search(label):
            return f"{verb} {label.removesuffix('?')}"
        return f"{verb} an answer: {label}"

    @property
    def wrong_parts(self) -> set[str]:
        """Which boxes of a date an error is about."""
        codes = {
            error.code for error in self.errors.as_data() if isinstance(error, ValidationError)
        }
        parts = codes & {"day", "month", "year"}
        return {str(part) for part in parts} or {"day", "month", "year"}

    @property
    def first_id(self) -> str:
        """The id of the box that an error leads to."""
        if self.kind == "date":
            part = next(n for n, p in enumerate(("day", "month", "year")) if p in self.wrong_parts)
            return f"{self.auto_id}_{part}"
        if self.kind in {"radios", "checkboxes"}:
            return next((option["id"] for option in self.options), self.auto_id)
        return self.auto_id

    # Drawing

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,
    ) -> SafeString:
        if widget is None and self.kind in {"radios", "checkboxes"}:
            return mark_safe(self.form.renderer.render("ui/forms/choices.html", {"field": self}))
        return super().as_widget(widget, attrs, only_initial)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        # Kith itself says what is missing or too long, in words; the browser would cut short.
        built.pop("required", None)
        target = widget or self.field.widget
        if target.is_hidden:
            return built
        target.attrs.pop("maxlength", None)
        target.attrs.pop("minlength", None)
        classes = [str(target.attrs.get("class", "")), *self._classes()]
        built["class"] = " ".join(filter(None, classes))
        if self.kind == "date":
            built["class"] = ""
        if self.count:
            described = [str(built.get("aria-describedby") or ""), f"{self.auto_id}-info"]
            built["aria-describedby"] = " ".join(filter(None, described))
        return built

    def _classes(self) -> list[str]:
        wrong = bool(self.errors)
        match self.kind:
            case "textarea":
                classes = ["govuk-textarea"] + (["govuk-js-character-count"] if self.count else [])
                return classes + (["govuk-textarea--error"] if wrong else [])
            case "select":
                return ["govuk-select"] + (["govuk-select--error"] if wrong else [])
            case "file":
                return ["govuk-file-upload"] + (["govuk-file-upload--error"] if wrong else [])
            case "checkbox" | "checkboxes":
                return ["govuk-checkboxes__input"]
            case "radios":
                return ["govuk-radios__input"]
            case "input" | "password":
                classes = ["govuk-input"]
                if self.kind == "password":
                    classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
                width = self._shown.get("width")
                if width:
                    named = isinstance(width, str) and not width.isdigit()
                    classes.append(
                        f"govuk-!-width-{width}" if named else f"govuk-input--width-{width}"
                    )
                return classes + (["govuk-input--error"] if wrong else [])
        return []


class Renderer(TemplatesSetting):
    """Draws every form of the site (`FORM_RENDERER`)."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = BoundField
