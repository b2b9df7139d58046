"""What a meeting asked for: requests and actions that stand in its sentences, and its forward plan."""

import re
from typing import Any

from kith.analytics.minutes.dates import MONTHS, month_number

_MEETING_OF = re.compile(
    rf"\b(?:the )?(?P<month>{'|'.join(name.title() for name in MONTHS)})(?: (?P<year>20\d\d))? meeting\b"
)
_LABELLED = re.compile(r"^(?:ACTIONS?|Actions?)(?:\s+points?)?\s*[:–-]+\s*(?P<rest>.+)$")


def due_meeting(text: str, date: str | None) -> str | None:
    """Return "2012-11 meeting" for "the November meeting" minuted in September 2012."""
    match = _MEETING_OF.search(text)
    if not match:
        return None
    month = month_number(match["month"])
    if match["year"]:
        return f"{match['year']}-{month:02} meeting"
    if not date:
        return None
    year = int(date[:4]) + (1 if month < int(date[5:7]) else 0)
    return f"{year}-{month:02} meeting"


def action_of(point: dict[str, Any], date: str | None) -> dict[str, Any] | None:
    """Return the action that a point asks for; None where it asks for none."""
    text = point["text"]
    base = {"text": text, "line": point["line"]}
    labelled = _LABELLED.match(text)
    if labelled:
        owner = re.match(r"^(.{2,40}?)\s+(?:to|will)\s+\w", labelled["rest"])
        return {
            **base,
            "kind": "action",
            "subject": labelled["rest"],
            "status": "agreed",
            "owner": owner[1] if owner else None,
            "due": due_meeting(text, date),
        }
    if point["kind"] == "suggestion" and re.search(
        r"\bforward plan\b|\bwork programme\b|\bfuture (?:meeting|agenda)\b", text
    ):
        return {
            **base,
            "kind": "forward_plan_suggestion",
            "subject": _subject(text, r"\baround (?:the )?(.+?)\.?$|\bon (?:the )?(.+?)\.?$"),
            "status": "suggested, not resolved",
            "owner": None,
            "due": due_meeting(text, date),
        }
    if point["kind"] != "request":
        return None
    due = due_meeting(text, date)
    action: dict[str, Any] = {**base, "status": "requested", "owner": None, "due": due}
    if re.search(
        r"\breport\b|\bcome (?:back )?to\b|\bupdate\b|\binformation\b", text
    ) and not re.search(r"\bslot\b", text):
        action |= {
            "kind": "report_requested",
            "subject": _subject(
                text,
                r"\bidentified (?:an? |the )?(?:upcoming )?(.+?) and requested\b|\brequested (?:that )?(?:an? |the )?(.+?)(?:\s+(?:come|be|to)\b.*)?\.?$|\basked (?:that|for) (?:an? |the )?(.+?)(?: to be\b.*)?\.?$",
            ),
        }
    elif re.search(r"\b(?:slot|time|date|day|early|schedul\w+)\b", text) and re.search(
        r"\brequest\b|\brequested\b", text
    ):
        action |= {
            "kind": "scheduling_request",
            "subject": _subject(text, r"\brequest(?:ed)? (.+?)\.?$"),
        }
    else:
        action |= {
            "kind": "request",
            "subject": _subject(text, r"\b(?:requested|asked|instructed)(?: that| for)? (.+?)\.?$"),
        }
    if due:
        action["due_precision"] = "month/meeting, no day in the text"
    asked = re.match(
        r"^((?:The )?(?:[A-Z][\w’'-]+\s?){1,4}) (?:was|were) (?:asked|requested|instructed) to\b",
        text,
    )
    if asked:
        action["owner"] = asked[1]
    return action


def _subject(text: str, pattern: str) -> str:
    match = re.search(pattern, text)
    found = next((group for group in match.groups() if group), text) if match else text
    found = re.sub(r"[‘’“”]|(?<!\w)'|'(?!\w)", "", found)
    return re.sub(r"\bthe upcoming\b", "the", re.sub(r"^upcoming ", "", found)).strip()


def forward_plan(
    items: list[dict[str, Any]], actions: list[dict[str, Any]], date: str | None
) -> list[dict[str, Any]]:
    """Return what the text puts on the committee's own list of coming business."""
    found: list[dict[str, Any]] = []
    for item in items:
        title = item["title"] or ""
        planned = re.search(
            r"\b(?:forward (?:work )?plan|work programme|forward look)\b", title, re.IGNORECASE
        )
        if planned or any(
            _MEETING_OF.search(text) for text in item["agenda_text"] if item["title"] is None
        ):
            for text in item["agenda_text"]:
                if re.match(r"^To\s", text):
                    continue
                found.append({"text": text, "for": due_meeting(text, date)})
    for action in actions:
        if action["kind"] in ("forward_plan_suggestion", "report_requested"):
            found.append({"text": action["subject"], "for": action["due"], "from": action["id"]})
    return found
