"""The pages of a request for help, as forms. What may be sent is decided by `requests.check` alone.

Each page's form knows the answers given so far. It asks `check` about the whole request as it
would then be, and shows what is wrong with its own part, so that the website refuses the same
things in the same words as the partners' interface and the file reader.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from kith.partners import queries as partners
from kith.partners.models import Organisation
from kith.places.postcodes import NotAPostcode, NotInTheCounty, tidy
from kith.places.queries import find_postcode
from kith.referrals import queries
from kith.referrals.actions.needs import PRIMARY_NEEDS
from kith.referrals.attachments import KINDS, MOST_BYTES_TOGETHER, MOST_FILES
from kith.referrals.drafts import RELATIONS, Answers, Page
from kith.referrals.pages import hint, title
from kith.referrals.requests import (
    ADULT_ROLES,
    AGENCIES,
    CONTACT_BY,
    GROUPS,
    LONGEST_NAME,
    LONGEST_TEXT,
    SEXES,
    Problem,
    check,
)
from kith.referrals.summary import DISABILITY_NAMES, ETHNICITY_NAMES
from kith.ui.fields import DateField, PlainTextField

CHOOSE = {"invalid_choice": "Choose one of the answers", "required": "Choose one of the answers"}
YEAR_GROUPS = (
    "",
    "Not at school yet",
    "Nursery",
    "Reception",
    *(f"Year {year}" for year in range(1, 14)),
    "College",
    "Taught at home",
    "Not in school or training",
)
MOST_FOUND = 15


def choices(named: dict[str, str]) -> list[tuple[str, str]]:
    return list(named.items())


def one_of(label: str, named: dict[str, str], **options: Any) -> forms.ChoiceField:
    """Return radio buttons, one of which may be chosen."""
    return forms.ChoiceField(
        label=label,
        choices=choices(named),
        widget=forms.RadioSelect,
        required=options.pop("required", False),
        error_messages=CHOOSE | options.pop("error_messages", {}),
        **options,
    )


def some_of(label: str, named: dict[str, str], **options: Any) -> forms.MultipleChoiceField:
    """Return tick boxes, any of which may be ticked."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices(named),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the answers"},
        **options,
    )


def text(label: str, longest: int = 200, **options: Any) -> PlainTextField:
    return PlainTextField(label=label, max_length=longest, required=False, **options)


def long_text(label: str, longest: int = LONGEST_TEXT, **options: Any) -> PlainTextField:
    return PlainTextField(label=label, max_length=longest, required=False, lines=True, **options)


def tick(label: str, **options: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **options)


class PageForm(forms.Form):
    """A page of the request. `answers` are those given so far; `page` says which child or adult."""

    mark_optional = False
    # The field that asks the page's own question, which is then the page's heading.
    question = ""
    layout: dict[str, dict[str, Any]] = {}
    # Parts of the request that this page shows under another name: `sender_name` by `given_names`.
    shows: dict[str, str] = {}

    def __init__(self, *args: Any, answers: Answers, page: Page, **options: Any) -> None:
        self.answers, self.page = answers, page
        options.setdefault("initial", self.initial_from(answers.values(page)))
        super().__init__(*args, **options)
        self.adapt(answers.voice)
        if self.question:
            self.fields[self.question].label = title(page, answers)
            self.fields[self.question].help_text = hint(page, answers)
            self.layout = {**self.layout, self.question: {"heading": True}}

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return what to show of earlier answers."""
        return dict(values)

    def adapt(self, voice: str) -> None:
        """Ask in the words of whoever is asking."""

    def values(self) -> dict[str, Any]:
        """Return the answers of this page, to be kept."""
        return dict(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        after = self.answers.with_page(self.page, self.values())
        for problem in problems_with(after):
            if after.page_of(problem.field) == self.page:
                self.show_problem(problem)
        return cleaned

    def show_problem(self, problem: Problem) -> None:
        """Show what is wrong at its field, unless that field says something already."""
        name = problem.field.rpartition(".")[2]
        name = self.shows.get(name, name)
        where = name if name in self.fields else None
        if where is None or where not in self.errors:
            self.add_error(where, problem.message)


def problems_with(answers: Answers) -> list[Problem]:
    """Return everything wrong with the request as answered so far."""
    needs = {need.code for need in queries.needs(None)}
    return check(answers.request(), today=timezone.localdate(), known_needs=needs)


class WhoForm(PageForm):
    sender_kind = one_of(
        "Who are you asking for?",
        {
            "parent": "My own child or family",
            "young_person": "Myself: I am a young person",
            "professional": "A family I work with",
            "other": "Another family: I am a relative, friend or neighbour",
        },
    )
    question = "sender_kind"
    hints = {
        "sender_kind": {
            "professional": "You work for a school, health, the police, a charity or the like.",
            "other": "The family must know about it and agree.",
        }
    }


class YouForm(PageForm):
    """About whoever asks. Which fields there are depends on who it is."""

    given_names = text("First name", LONGEST_NAME)
    family_name = text("Last name", LONGEST_NAME)
    role = one_of("Who are you to the child?", ADULT_ROLES)
    relation = one_of("Who are you to the family?", RELATIONS)
    sender_name = text("Your full name")
    sender_role = text("Your job title")
    sender_email = text("E-mail address", 300)
    sender_phone = text("Telephone number", 60)
    sender_reference = text("Your own number for this request (optional)", 100)
    parental_responsibility = one_of(
        "Do you have parental responsibility?", {"yes": "Yes", "no": "No", "": "I am not sure"}
    )
    layout = {
        "sender_phone": {"width": 20},
        "sender_reference": {"width": 20},
        "parental_responsibility": {"inline": True, "blank": True},
    }
    shows = {"agreed_by": "sender_name"}
    FIELDS = {
        "partner": (
            "sender_name",
            "sender_role",
            "sender_email",
            "sender_phone",
            "sender_reference",
        ),
        "professional": (
            *("sender_name", "sender_role", "sender_email", "sender_phone", "sender_reference"),
        ),
        "parent": (
            *("given_names", "family_name", "role", "parental_responsibility"),
            *("sender_email", "sender_phone"),
        ),
        "young_person": ("given_names", "family_name", "sender_phone", "sender_email"),
        "other": ("sender_name", "relation", "sender_email", "sender_phone"),
    }

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            **values,
            "parental_responsibility": from_yes_no(values.get("parental_responsibility")),
        }

    def adapt(self, voice: str) -> None:
        names = self.FIELDS[self.answers.kind]
        self.fields = {name: self.fields[name] for name in names}
        self.fields["sender_email"].help_text = (
            "An address that only you read. Give an e-mail address or a telephone number."
            if self.answers.for_themselves
            else "We write to it when something happens with your request."
        )
        if "role" in self.fields:
            self.fields["parental_responsibility"].help_text = (
                "You have it if you are the child’s mother, are on the birth certificate as the "
                "father, or have a court order."
            )
        self.shows = {"sender_name": "given_names"} if self.answers.for_themselves else {}
        self.shows |= {"email": "sender_email", "phone": "sender_phone"}

    def values(self) -> dict[str, Any]:
        values = super().values()
        if "parental_responsibility" in values:
            values["parental_responsibility"] = to_yes_no(values["parental_responsibility"])
        return values

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        wanted = {"role": "Choose who you are to the child", "relation": "Choose who you are"}
        for name, message in wanted.items():
            if name in self.fields and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        if self.answers.for_themselves:
            for name, message in {
                "given_names": "Enter your first name",
                "family_name": "Enter your last name",
            }.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return super().clean()


class LookUpForm(PageForm):
    """Find an organisation by its name, without needing a script.

    The first answer is a search; where it finds several, they are listed to choose from, with
    "none of these" last.
    """

    name_field = ""
    id_field = ""
    none_of_these = "None of these: use the name as I typed it"
    chosen = forms.CharField(required=False, max_length=20)

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        return dict(values)

    def find(self, words: str) -> Iterable[Organisation]:
        raise NotImplementedError

    def look_up(self, typed: str) -> None:
        """Put what was found into `self.found`; ask to choose where it is not clear."""
        chosen = str(self.data.get(self.add_prefix("chosen"), ""))
        found = list(self.find(typed)[:MOST_FOUND]) if typed else []  # type: ignore[index]
        exact = [one for one in found if one.name.casefold() == typed.casefold()]
        by_number = {str(one.pk): one for one in found}
        self.picked: Organisation | None = None
        if not typed:
            return
        if chosen in by_number:
            self.picked = by_number[chosen]
        elif chosen != "none" and len(exact) == 1:
            self.picked = exact[0]
        elif chosen != "none" and self.answers.values(self.page).get(self.name_field) == typed:
            # Nothing was changed since it was chosen.
            number = self.answers.values(self.page).get(self.id_field)
            self.picked = by_number.get(str(number))
            if number and not self.picked:
                self.ask_to_choose(found, typed)
        elif chosen != "none":
            self.ask_to_choose(found, typed)

    def ask_to_choose(self, found: list[Organisation], typed: str) -> None:
        named = {str(one.pk): self.describe(one) for one in found}
        label = f"Which one do you mean by “{typed}”?" if found else f"We do not know “{typed}”"
        self.fields["chosen"] = one_of(label, {**named, "none": self.none_of_these})
        # Drawn from the field as it is now, not as it was when the answers were read.
        self._bound_fields_cache.pop("chosen", None)  # type: ignore[attr-defined]
        if len(found) == MOST_FOUND:
            self.fields["chosen"].help_text = "There are more. Type more of the name to see fewer."
        self.add_error(
            "chosen",
            "Choose one of those we found, or “none of these”"
            if found
            else "Check the spelling, or choose “use the name as I typed it”",
        )

    def describe(self, one: Organisation) -> str:
        place = one.postcode or (one.address.splitlines() or [""])[-1]
        return f"{one.name}, {place}" if place else one.name

    def adapt(self, voice: str) -> None:
        self.fields["chosen"].widget = forms.HiddenInput()

    def values(self) -> dict[str, Any]:
        values = super().values()
        values.pop("chosen", None)
        picked = getattr(self, "picked", None)
        values[self.id_field] = picked.pk if picked else None
        if picked:
            values[self.name_field] = picked.name
        return values

    def clean(self) -> dict[str, Any]:
        self.look_up(self.cleaned_data.get(self.name_field, ""))
        return super().clean()


class OrganisationForm(LookUpForm):
    sender_organisation_name = text("Name of your organisation")
    name_field, id_field = "sender_organisation_name", "sender_organisation_id"
    shows = {"sender_organisation_id": "sender_organisation_name"}

    def find(self, words: str) -> Iterable[Organisation]:
        return partners.matching(partners.active(), words)


class ChildForm(PageForm):
    given_names = text("First name", LONGEST_NAME)
    family_name = text("Last name", LONGEST_NAME)
    date_of_birth = DateField(label="Date of birth", required=False)
    unborn = some_of("Not born yet?", {"yes": "The baby is not born yet"})
    expected_on = DateField(label="Date the baby is expected", required=False)
    sex = one_of("Sex", {**SEXES, "U": "Not known or prefer not to say"}, initial="U")
    layout = {"unborn": {"hide_label": True}}
    # A tick may reveal a field to a screen reader; ARIA knows no such thing for radio buttons.
    reveals = {"unborn": {"yes": ["expected_on"]}}
    shows = {"children": "date_of_birth"}

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"sex": "U", **values}

    def adapt(self, voice: str) -> None:
        self.fields["date_of_birth"].help_text = "For example, 27 3 2015."
        if voice == "young":
            for name in ("given_names", "family_name", "unborn", "expected_on"):
                del self.fields[name]
            self.reveals = {}

    def values(self) -> dict[str, Any]:
        values = super().values()
        values["sex"] = values.get("sex") or "U"
        values["date_of_birth" if values.get("unborn") else "expected_on"] = None
        return values

    def show_problem(self, problem: Problem) -> None:
        if self.cleaned_data.get("unborn") and problem.field.endswith(".date_of_birth"):
            problem = Problem("expected_on", "Enter the date the baby is expected")
        elif self.answers.voice == "young" and not self.cleaned_data.get("date_of_birth"):
            problem = Problem("date_of_birth", "Enter your date of birth")
        super().show_problem(problem)


class SchoolForm(LookUpForm):
    school_name = text("Name of the school, nursery or college")
    year_group = forms.ChoiceField(
        label="School year",
        choices=[(year, year or "Not known") for year in YEAR_GROUPS],
        required=False,
        error_messages=CHOOSE,
    )
    name_field, id_field = "school_name", "school_id"
    shows = {"school_id": "school_name"}

    def find(self, words: str) -> Iterable[Organisation]:
        return partners.schools(words)


class MoreForm(PageForm):
    disabilities = some_of("Does the child have difficulties with any of these?", DISABILITY_NAMES)
    young_carer = tick("The child looks after somebody at home")
    ethnicity = forms.ChoiceField(
        label="Ethnic background", choices=choices({"": "Prefer not to say, or not known", **ETHNICITY_NAMES}), required=False,
        error_messages=CHOOSE,
    )  # fmt: skip

    def adapt(self, voice: str) -> None:
        if voice == "young":
            self.fields["disabilities"].label = "Do you have difficulties with any of these?"
            self.fields["young_carer"].label = "I look after somebody at home"


class AnotherForm(PageForm):
    """A list of children or adults: is there one more?"""

    another = one_of("Is there another child to add?", {"yes": "Yes", "no": "No"})
    layout = {"another": {"inline": True}}

    def adapt(self, voice: str) -> None:
        if self.page.name == "adults":
            some = bool(self.answers.items("adults"))
            self.fields["another"].label = (
                "Is there another adult to add?" if some else "Do you want to add an adult?"
            )

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        return {}

    def values(self) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("another") and "another" not in self.errors:
            self.add_error("another", "Choose yes or no")
        return super().clean() if self.cleaned_data.get("another") == "no" else self.cleaned_data

    def show_problem(self, problem: Problem) -> None:
        if problem.field in ("children", "adults"):
            self.add_error("another", problem.message)


class AdultForm(PageForm):
    given_names = text("First name", LONGEST_NAME)
    family_name = text("Last name", LONGEST_NAME)
    role = one_of("Who is this to the child?", ADULT_ROLES)
    parental_responsibility = one_of(
        "Do they have parental responsibility?", {"yes": "Yes", "no": "No", "": "Not known"}
    )
    lives_here = one_of("Do they live with the child?", {"yes": "Yes", "no": "No"}, initial="yes")
    phone = text("Telephone number (optional)", 60)
    phone_safe = one_of(
        "Is it safe to ring this number and leave a message?", {"yes": "Yes", "no": "No"}
    )
    email = text("E-mail address (optional)", 300)
    email_safe = one_of("Is it safe to write to this address?", {"yes": "Yes", "no": "No"})
    YES_NO = ("parental_responsibility", "lives_here", "phone_safe", "email_safe")
    layout = {
        "phone": {"width": 20},
        **{name: {"inline": True, "blank": True} for name in YES_NO},
    }

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        shown = {**values, **{name: from_yes_no(values.get(name)) for name in self.YES_NO}}
        if not values:
            shown["lives_here"] = "yes"
        # Whether it is safe is never answered for somebody.
        shown |= {f"{way}_safe": "" for way in ("phone", "email") if not values.get(way)}
        return shown

    def adapt(self, voice: str) -> None:
        if voice == "young":
            self.fields["role"].label = "Who is this to you?"
            self.fields["lives_here"].label = "Do they live with you?"
            del self.fields["parental_responsibility"]

    def values(self) -> dict[str, Any]:
        values = super().values()
        for name in self.YES_NO:
            if name in values:
                values[name] = to_yes_no(values[name])
        for name in self.YES_NO[1:]:
            values[name] = values.get(name) is not False
        return values

    def clean(self) -> dict[str, Any]:
        for way, ask in (("phone", "ring this number"), ("email", "write to this address")):
            safe = f"{way}_safe"
            if self.cleaned_data.get(way) and not self.cleaned_data.get(safe, ""):
                self.add_error(safe, f"Say whether it is safe to {ask}")
        return super().clean()


class HomeForm(PageForm):
    postcode = text("Postcode", 40)
    address = long_text("Street and town (optional)", 500, rows=3)
    no_fixed_address = tick("There is no fixed address")
    outside = tick("Yes, the postcode is right. Send the request all the same")
    layout = {"postcode": {"width": 10}}

    def adapt(self, voice: str) -> None:
        if voice != "worker":
            self.fields["no_fixed_address"].label = "I have no fixed address"
            self.fields["address"].help_text = "You do not have to give it."
        if not (self.is_bound and self.data.get(self.add_prefix("postcode"))):
            self.hide_outside()

    def hide_outside(self) -> None:
        if not self.cleaned_outside():
            self.fields.pop("outside", None)

    def cleaned_outside(self) -> bool:
        return bool(self.answers.kept.get("outside"))

    def values(self) -> dict[str, Any]:
        values = super().values()
        values.setdefault("outside", False)
        return values

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("postcode", "")
        needs_outside = False
        if typed and not self.cleaned_data.get("no_fixed_address"):
            try:
                self.cleaned_data["postcode"] = str(find_postcode(typed))
            except NotAPostcode as problem:
                self.add_error("postcode", str(problem))
            except NotInTheCounty as problem:
                needs_outside = True
                self.cleaned_data["postcode"] = tidy(typed)
                if not self.cleaned_data.get("outside"):
                    self.add_error(
                        "postcode",
                        f"{problem} Our hubs help families of this county. If the family lives "
                        "elsewhere, ask the council there. If the child goes to school here or has "
                        "just moved, tick the box below.",
                    )
        if not needs_outside:
            self.cleaned_data["outside"] = False
            self.fields.pop("outside", None)
        return super().clean()

    def show_problem(self, problem: Problem) -> None:
        typed = self.cleaned_data.get("postcode")
        if problem.field == "postcode" and self.answers.for_themselves and not typed:
            problem = Problem("postcode", "Enter your postcode, or say you have no fixed address")
        super().show_problem(problem)


class WordsForm(PageForm):
    """A page that asks for words: the worry, what goes well, what was tried, what should change."""

    NAMES = {"different": "would_be_different"}

    def adapt(self, voice: str) -> None:
        name = self.NAMES.get(self.page.name, self.page.name)
        self.fields[name] = long_text("", rows=10 if name == "worry" else 6)
        self.question = name

    def show_problem(self, problem: Problem) -> None:
        if problem.field == "worry" and self.answers.for_themselves and not self.data.get("worry"):
            problem = Problem("worry", "Write a few words about what is going on")
        super().show_problem(problem)


class NeedsForm(PageForm):
    question = "needs"
    needs = some_of("", {})

    def adapt(self, voice: str) -> None:
        self.fields["needs"].choices = [  # type: ignore[attr-defined]
            (need.code, need.name if voice == "worker" else need.plain_name)
            for need in queries.needs(None)
        ]

    def show_problem(self, problem: Problem) -> None:
        if self.answers.for_themselves and not self.cleaned_data.get("needs"):
            problem = Problem("needs", "Choose at least one thing that you need help with")
        super().show_problem(problem)


class MainNeedForm(PageForm):
    question = "main_need"
    main_need = one_of("", {})

    def adapt(self, voice: str) -> None:
        chosen = self.answers.kept.get("needs", [])
        self.fields["main_need"].choices = [  # type: ignore[attr-defined]
            (need.code, need.name if voice == "worker" else need.plain_name)
            for need in queries.needs(None)
            if need.code in chosen
        ]

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("main_need") and "main_need" not in self.errors:
            self.add_error("main_need", "Choose the one that matters most")
        return super().clean()


class GroupsForm(PageForm):
    question = "groups"
    groups = some_of("", GROUPS)


class AgreementForm(PageForm):
    question = "basis"
    basis = one_of(
        "",
        {
            "consent": "Yes, they know about it and agree",
            "no_consent": "No: there is a lawful reason to ask without their agreement",
        },
    )


class ConsentForm(PageForm):
    """Who agreed, how and when; or, for those who ask for themselves, simply whom we may tell."""

    agreed_by = text("Name of the person who agreed")
    agreed_how = one_of("How did they agree?", {"spoken": "They said so", "written": "They signed"})
    agreed_on = DateField(label="When did they agree?", required=False)
    agencies_told = some_of("Whom may we tell, or ask, about the family?", AGENCIES)
    outcome_may_be_told = one_of(
        "May we tell you what comes of it?",
        {"yes": "Yes, they agree that you hear the outcome", "no": "No"},
        initial="yes",
    )
    agree = tick("I agree that you read this and get in touch with me")

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        told = from_yes_no(values.get("outcome_may_be_told"))
        return {**values, "outcome_may_be_told": told or "yes"}

    def adapt(self, voice: str) -> None:
        if self.answers.for_themselves:
            for name in ("agreed_by", "agreed_how", "agreed_on", "outcome_may_be_told"):
                del self.fields[name]
            self.fields["agencies_told"].label = "Whom may we talk to about you?"
            self.fields["agencies_told"].help_text = "Leave all empty if nobody."
        else:
            del self.fields["agree"]
            self.fields["agencies_told"].help_text = "Tick those the family has agreed to."

    def values(self) -> dict[str, Any]:
        values = super().values()
        if self.answers.for_themselves:
            values |= {
                "agreed_by": self.answers.own_name(),
                "agreed_how": "self",
                "agreed_on": timezone.localdate(),
                "outcome_may_be_told": True,
            }
        else:
            values["outcome_may_be_told"] = values.get("outcome_may_be_told") != "no"
        values["basis"] = "consent"
        return values

    def clean(self) -> dict[str, Any]:
        if "agree" in self.fields and not self.cleaned_data.get("agree"):
            self.add_error("agree", "Tick the box if you agree, so that we may help")
        return super().clean()


class LawfulForm(PageForm):
    question = "lawful_reason"
    lawful_reason = long_text("", 5000)


class LanguageForm(PageForm):
    question = "needed"
    needed = one_of("", {"no": "No", "yes": "Yes"})
    interpreter = text("Which language? British Sign Language counts too", 60)
    reveals = {"needed": {"yes": ["interpreter"]}}

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        answered = "language" in values.get("done", [])
        needed = ("yes" if values.get("interpreter") else "no") if answered else ""
        return {"needed": needed, "interpreter": values.get("interpreter", "")}

    def values(self) -> dict[str, Any]:
        needed = self.cleaned_data.get("needed") == "yes"
        return {"interpreter": self.cleaned_data.get("interpreter", "") if needed else ""}

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("needed") and "needed" not in self.errors:
            self.add_error("needed", "Choose yes or no")
        if self.cleaned_data.get("needed") == "yes" and not (
            self.cleaned_data.get("interpreter") or "interpreter" in self.errors
        ):
            self.add_error("interpreter", "Enter the language")
        return super().clean()


class ContactForm(PageForm):
    contact_by = some_of("Ways to get in touch", CONTACT_BY)
    post_is_safe = one_of(
        "Is it safe to send a letter?",
        {"yes": "Yes", "no": "No: somebody else may open it"},
    )
    contact_advice = long_text(
        "Is there anything we should know before we get in touch? (optional)", 2000, rows=4
    )

    def initial_from(self, values: dict[str, Any]) -> dict[str, Any]:
        answered = "contact" in values.get("done", [])
        safe = from_yes_no(values.get("post_is_safe")) if answered else ""
        return {**values, "post_is_safe": safe}

    def adapt(self, voice: str) -> None:
        self.fields[
            "contact_advice"
        ].help_text = "Safe times, who may answer the telephone, what not to say in a message."

    def values(self) -> dict[str, Any]:
        return {**super().values(), "post_is_safe": self.cleaned_data.get("post_is_safe") == "yes"}

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("post_is_safe") and "post_is_safe" not in self.errors:
            self.add_error("post_is_safe", "Choose yes or no")
        return super().clean()


class FilesForm(PageForm):
    """Files are added one at a time by a form of their own; this one only goes on."""

    def values(self) -> dict[str, Any]:
        return {}


class FileForm(forms.Form):
    """Add one file."""

    file = forms.FileField(
        label="Choose a file",
        required=False,
        help_text=f"{KINDS}, 10 MB at most. You can add up to {MOST_FILES} files, one after another, "
        f"{MOST_BYTES_TOGETHER // 1024**2} MB together.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not file:
            raise forms.ValidationError("Choose a file first, or continue without one")
        return file


class WayBackForm(forms.Form):
    """Where to send the link that leads back to an unfinished request."""

    email = forms.EmailField(
        label="Send the link to this e-mail address (optional)",
        required=False,
        max_length=254,
        error_messages={"invalid": "Enter an e-mail address like name@example.com"},
    )
    mark_optional = False


class DangerForm(forms.Form):
    """The first question of all."""

    danger = one_of(
        "Is a child, or anybody else, in danger right now?",
        {"no": "No", "yes": "Yes, or I am not sure"},
        required=True,
        error_messages={"required": "Say whether anybody is in danger right now"},
    )
    layout = {"danger": {"heading": True}}


class AnswerForm(forms.Form):
    """The sender answers the desk's question."""

    words = PlainTextField(
        label="Your answer",
        lines=True,
        max_length=LONGEST_TEXT,
        error_messages={"required": "Write your answer"},
    )


class WithdrawForm(forms.Form):
    """The sender takes a request back."""

    reason = PlainTextField(
        label="Why do you withdraw it?",
        lines=True,
        rows=4,
        max_length=2000,
        error_messages={"required": "Say in a few words why"},
    )


class NeedForm(forms.Form):
    """One need of the county's list."""

    name = PlainTextField(
        label="Name, as a worker would say it",
        max_length=120,
        error_messages={"required": "Enter a name"},
    )
    plain_name = PlainTextField(
        label="As a parent or young person would say it",
        max_length=160,
        error_messages={"required": "Enter plain words"},
    )
    primary_need = forms.ChoiceField(
        label="The Department for Education’s primary need",
        choices=choices(PRIMARY_NEEDS),
        error_messages=CHOOSE,
    )
    safeguarding = tick("Choosing it shows the safeguarding stop")


class ChangeNeedForm(NeedForm):
    active = tick("Offered on the form")


class WarningWordsForm(forms.Form):
    """The words that show the safeguarding stop, one a line."""

    words = PlainTextField(
        label="Words and phrases, one a line",
        lines=True,
        rows=20,
        required=False,
        max_length=LONGEST_TEXT,
        help_text="Small or capital letters are the same. Whole words only.",
    )

    def clean_words(self) -> list[str]:
        words = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        long = next((word for word in words if len(word) > 60), None)
        if long:
            raise forms.ValidationError(f"“{long[:30]}…” is too long. Use 60 characters or fewer")
        return words


FORMS: dict[str, type[PageForm]] = {
    "who": WhoForm,
    "you": YouForm,
    "organisation": OrganisationForm,
    "children": AnotherForm,
    "child": ChildForm,
    "school": SchoolForm,
    "more": MoreForm,
    "adults": AnotherForm,
    "adult": AdultForm,
    "home": HomeForm,
    "worry": WordsForm,
    "going_well": WordsForm,
    "tried": WordsForm,
    "different": WordsForm,
    "needs": NeedsForm,
    "main_need": MainNeedForm,
    "groups": GroupsForm,
    "agreement": AgreementForm,
    "consent": ConsentForm,
    "lawful": LawfulForm,
    "language": LanguageForm,
    "contact": ContactForm,
    "files": FilesForm,
}


def from_yes_no(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, "")


def to_yes_no(value: Any) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class StepDownForm(forms.Form):
    """What children's social care tells the hub when its own work with a family ends."""

    plan = PlainTextField(
        label="The plan so far",
        help_text="What was done, what came of it, and what should go on.",
        lines=True,
        rows=6,
        max_length=6000,
        error_messages={"required": "Write the plan so far"},
    )
    last_on = DateField(
        label="The last day of social care’s work",
        help_text="For example, 27 11 2026. It may be still to come.",
        error_messages={"required": "Enter the last day of social care’s work"},
    )
    watch = PlainTextField(
        label="What must be watched?",
        help_text="And what would have to happen for social care to be asked again.",
        lines=True,
        rows=4,
        max_length=3000,
        error_messages={"required": "Write what must be watched"},
    )
    social_worker = PlainTextField(label="Social worker", max_length=200, required=False)


class StepDownFirstForm(StepDownForm):
    """The same before the request is filled, after the first question of all."""

    danger = one_of(
        "Is a child, or anybody else, in danger right now?",
        {"no": "No", "yes": "Yes, or I am not sure"},
        required=True,
        error_messages={"required": "Say whether anybody is in danger right now"},
    )
    field_order = ("danger", "plan", "last_on", "watch", "social_worker")
