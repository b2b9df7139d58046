"""The family's own copy of a request, in plain words: for the page, for paper, and for e-mail."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kith.directory.models import Service
from kith.referrals.drafts import VOICES
from kith.referrals.models import Referral
from kith.referrals.summary import first_names, from_kept


def family_copy_of(
    referral: Referral,
    *,
    need_names: Mapping[str, str],
    by_family: bool = False,
    in_letter: bool = False,
) -> dict[str, Any]:
    """Return what a family is told of a request about it, in plain words.

    It says what was asked for, not what others said about people of the family: a copy may lie
    on a table where everybody reads it. A worry written by the family itself is its own.

    `by_family`: the family itself reads it. The words written for it when help ended are not for
    somebody else who sent the request; such a sender may have made the family's link, so where
    they may not hear the outcome the words come by letter and e-mail alone, `in_letter`.
    """
    request = from_kept(referral.as_sent)
    own = VOICES.get(referral.sender_kind) != "worker"
    with_words = own or in_letter or (by_family and referral.outcome_may_be_told)
    asked_by = ", ".join(
        part for part in (request.sender_name, request.sender_organisation_name) if part
    )
    wanted = [need_names.get(code, code) for code in request.needs]
    sections = [
        {
            "title": "What was asked for",
            "lines": [
                _who_asked(referral, first_names(request), asked_by),
                f"Help with: {'; '.join(wanted)}.",
                *([f"What you wrote: {request.worry}"] if own else []),
            ],
        },
        {"title": "What happens now", "lines": _what_happens(referral, with_words)},
        {
            "title": "Your rights",
            "lines": [
                "Early help is your choice. You can say no, or change your mind, at any time.",
                "You can ask to see what we keep about you, and to have mistakes put right.",
                "We only talk to others if you agreed, unless somebody is in danger.",
            ],
        },
        {
            "title": "If you need help now",
            "lines": [
                "If somebody is in danger, call 999.",
                "Childline, for anybody under 19: 0800 1111. It is free and private.",
                "NSPCC, if you worry about a child: 0808 800 5000.",
                "National Domestic Abuse Helpline: 0808 2000 247, free, day and night.",
            ],
        },
    ]
    return {
        "title": "A request for help for your family" if not own else "Your request for help",
        "lead": [
            f"The number of this request is {referral.reference}. Have it ready if you ring us."
        ],
        "sections": sections,
    }


def _who_asked(referral: Referral, children: str, asked_by: str) -> str:
    day = said_day(referral.received_at)
    match VOICES.get(referral.sender_kind):
        case "young":
            return f"You asked for help on {day}."
        case "parent":
            return f"You asked for help for {children} on {day}."
    return f"Help for {children}, asked for by {asked_by} on {day}."


def _what_happens(referral: Referral, with_words: bool) -> list[str]:
    hub = referral.team.name
    match referral.status:
        case "waiting" | "more_asked":
            return [
                f"People at the county desk read the request and decide by {said(referral.decide_by)} "
                "who can help best.",
                "Then somebody gets in touch, in the way that was asked for.",
            ]
        case "accepted":
            steps = sorted(referral.steps.all(), key=lambda s: (s.at, s.pk))
            kinds = [step.kind for step in steps]
            if "ended" in kinds[-1:]:
                words = steps[-1].family_words if with_words else ""
                again = "You can ask us again at any time."
                return (
                    ["Our help has ended.", words, again]
                    if words
                    else [f"Our help has ended. {again}"]
                )
            if "first_contact" in kinds and kinds[-1] not in ("moved", "resumed"):
                return [f"{hub} is helping. You can ring them when something changes."]
            return [f"{hub} will help. Somebody from there gets in touch with you."]
        case "sent_on":
            return [
                "Another service will help. We have passed the request on to them.",
                *_named(referral, with_words),
            ]
        case "social_care":
            return [
                "We have passed the request on to children's social care, who will be in touch."
            ]
        case "already_helped":
            return [
                "Somebody is helping already, and knows about this request.",
                *_named(referral, with_words),
            ]
        case "withdrawn":
            return ["The request was taken back. Nothing more happens, unless you ask again."]
    return [
        "We will not do anything more for now. You can ask again at any time.",
        *_named(referral, with_words),
    ]


def _named(referral: Referral, with_words: bool) -> list[str]:
    """Return the services that were named for the family as its request was decided last."""
    steps = sorted(referral.steps.all(), key=lambda step: (step.at, step.pk))
    decided = [step for step in steps if step.kind == referral.status]
    return decided[-1].family_words.splitlines() if decided and with_words else []


def named_in_letters(services: Iterable[Service], heading: str = "Services that may help:") -> str:
    """Return services as a letter to a family or whoever asked for it names them; "" for none."""
    lines = [
        ", ".join(part for part in (str(one), f"by {one.provider}", one.phone) if part)
        + f": {settings.KITH_ADDRESS}{reverse('directory:service', args=[one.uid])}"
        for one in services
        if not one.professional_only
    ]
    return "\n".join([heading, *(f"- {line}" for line in lines)]) if lines else ""


def said(moment: datetime) -> str:
    """Return a moment as it is spoken: 5pm on Wednesday 18 November 2026."""
    local = timezone.localtime(moment)
    clock = f"{local.hour % 12 or 12}" + (f":{local.minute:02}" if local.minute else "")
    return f"{clock}{'am' if local.hour < 12 else 'pm'} on {local:%A} {said_day(moment)}"


def said_day(moment: datetime) -> str:
    """Return the day of a moment: 18 November 2026."""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%B %Y}"
