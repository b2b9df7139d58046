"""The list of needs, and the words that show the safeguarding stop. The county edits both."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from kith.accounts.models import User
from kith.audit.actions import fields_of, record
from kith.referrals.models import Need, WarningWord
from kith.referrals.permissions import may_edit_needs

PRIMARY_NEEDS = {
    "N1": "N1 Abuse or neglect",
    "N2": "N2 Child's disability or illness",
    "N3": "N3 Parent's disability or illness",
    "N4": "N4 Family in acute stress",
    "N5": "N5 Family dysfunction",
    "N6": "N6 Socially unacceptable behaviour",
    "N7": "N7 Low income",
    "N8": "N8 Absent parenting",
    "N9": "N9 Cases other than children in need",
    "N0": "N0 Not stated",
}
# Code, name, as a parent or young person would say it, DfE primary need, shows the stop.
DEFAULT_NEEDS = [
    ("attendance", "School attendance", "Going to school", "N9", False),
    ("exclusion", "Risk of exclusion from school", "Trouble at school", "N6", False),
    ("behaviour", "Child's behaviour at home", "Behaviour at home", "N6", False),
    ("child_mental_health", "Child's mental health and wellbeing",
     "A child's worries, sadness or anger", "N9", False),
    ("self_harm", "Self-harm", "Hurting oneself", "N1", True),
    ("send", "Special educational needs or disability",
     "A disability, autism, ADHD or trouble with learning", "N2", False),
    ("parenting", "Parenting support", "Being a parent", "N9", False),
    ("parent_mental_health", "Parent's mental health", "A parent's worries or low mood",
     "N3", False),
    ("parent_health", "Parent's illness or disability", "A parent's illness or disability",
     "N3", False),
    ("substance_misuse", "Alcohol or drugs in the family", "Drinking or drugs", "N5", False),
    ("domestic_abuse", "Domestic abuse", "Being hurt or frightened at home", "N1", True),
    ("parental_conflict", "Conflict between parents", "Parents arguing or separating",
     "N5", False),
    ("young_carer", "Young carer", "Looking after somebody at home", "N3", False),
    ("bereavement", "Bereavement or loss", "Somebody has died", "N4", False),
    ("family_stress", "Family under great strain", "Everything is too much just now",
     "N4", False),
    ("housing", "Housing or risk of homelessness", "Somewhere to live", "N7", False),
    ("money", "Money and debt", "Money", "N7", False),
    ("crime", "Crime, gangs or exploitation", "Being made to do things, gangs or the police",
     "N6", True),
    ("early_years", "Early years and development",
     "A young child's talking, walking, sleeping or eating", "N9", False),
]  # fmt: skip
DEFAULT_WARNING_WORDS = """
    abuse, abused, abusing, afraid to go home, beat me, beaten, beats me, bruise, bruised, bruises,
    burn marks, choked, cut herself, cut himself, cut myself, end my life, exploited,
    forced marriage, grooming, groomed, hit, hits, hitting, hits me, hurt me, hurts me,
    kill herself, kill himself, kill me, kill myself, knife, missing from home, molested,
    overdose, punched, raped, rape, run away, self harm, self harming, sexual abuse,
    sexually abused, slapped, smacked, stabbed, strangled, suicidal, suicide, threatened to kill,
    touched me, touches me, want to die, wants to die, weapon
"""


class NeedExists(ValueError):
    """There is a need by this name already."""


@transaction.atomic
def set_up_needs() -> None:
    """Fill the list of needs and of warning words where there are none. Changes nothing else."""
    if not Need.objects.exists():
        Need.objects.bulk_create(
            Need(
                code=code,
                name=name,
                plain_name=plain,
                primary_need=primary,
                safeguarding=safeguarding,
                order=place,
            )
            for place, (code, name, plain, primary, safeguarding) in enumerate(DEFAULT_NEEDS)
        )
    if not WarningWord.objects.exists():
        words = " ".join(DEFAULT_WARNING_WORDS.split()).split(", ")
        WarningWord.objects.bulk_create(WarningWord(text=word) for word in words)


@transaction.atomic
def add_need(
    *, name: str, plain_name: str, primary_need: str, safeguarding: bool, by: User, at: datetime
) -> Need:
    """Add a need to the end of the list. Raises PermissionDenied or NeedExists."""
    may_edit_needs(by).or_raise()
    if Need.objects.filter(name__iexact=name).exists():
        raise NeedExists("There is a need by this name already")
    last = Need.objects.order_by("-order").values_list("order", flat=True).first()
    need = Need.objects.create(
        code=_free_code(name),
        name=name,
        plain_name=plain_name,
        primary_need=primary_need,
        safeguarding=safeguarding,
        order=0 if last is None else last + 1,
    )
    record("need.added", subject=need, by=by, at=at, after={"name": name, "code": need.code})
    return need


@transaction.atomic
def change_need(
    *,
    need: Need,
    name: str,
    plain_name: str,
    primary_need: str,
    safeguarding: bool,
    active: bool,
    by: User,
    at: datetime,
) -> Need:
    """Change a need, or take it off the list: requests that named it keep it. Raises NeedExists."""
    need = Need.objects.select_for_update().get(pk=need.pk)
    may_edit_needs(by).or_raise()
    if Need.objects.filter(name__iexact=name).exclude(pk=need.pk).exists():
        raise NeedExists("There is a need by this name already")
    parts = ("name", "plain_name", "primary_need", "safeguarding", "active")
    before = fields_of(need, parts)
    need.name, need.plain_name, need.primary_need = name, plain_name, primary_need
    need.safeguarding, need.active = safeguarding, active
    need.save()
    record("need.changed", subject=need, by=by, at=at, before=before, after=fields_of(need, parts))
    return need


@transaction.atomic
def move_need(*, need: Need, up: bool, by: User, at: datetime) -> None:
    """Change places with the need above or below. At the end of the list, nothing moves."""
    may_edit_needs(by).or_raise()
    listed = list(Need.objects.select_for_update().filter(active=True).order_by("order", "name"))
    place = next(number for number, other in enumerate(listed) if other.pk == need.pk)
    other_place = place - 1 if up else place + 1
    if not 0 <= other_place < len(listed):
        return
    listed[place], listed[other_place] = listed[other_place], listed[place]
    for number, listed_need in enumerate(listed):
        listed_need.order = number
    Need.objects.bulk_update(listed, ["order"])
    record("need.moved", subject=need, by=by, at=at, after={"place": other_place + 1})


@transaction.atomic
def set_warning_words(*, words: list[str], by: User, at: datetime) -> None:
    """Make these the words that show the safeguarding stop. Raises PermissionDenied."""
    may_edit_needs(by).or_raise()
    before = set(WarningWord.objects.select_for_update().values_list("text", flat=True))
    after = {" ".join(word.casefold().split()) for word in words if word.strip()}
    WarningWord.objects.filter(text__in=before - after).delete()
    added = WarningWord.objects.bulk_create(
        WarningWord(text=word) for word in sorted(after - before)
    )
    subject = added[0] if added else WarningWord()
    record(
        "warning_words.set",
        subject=subject,
        by=by,
        at=at,
        after={"added": sorted(after - before), "removed": sorted(before - after)},
    )


def _free_code(name: str) -> str:
    stem = slugify(name).replace("-", "_")[:40] or "need"
    taken = set(Need.objects.filter(code__startswith=stem).values_list("code", flat=True))
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)
