"""The measures that Kith comes with: two short questionnaires in words of our own, and three scores
whose wording is licensed and stands nowhere here."""

from typing import Any

# How each question is answered, from 0 to 4.
OFTEN = ("Never", "Seldom", "Sometimes", "Often", "Always")
MUCH = ("Not at all", "A little", "Partly", "Mostly", "Very much")
OURS = (
    "Written for Kith, under the MIT licence. Not validated: it compares somebody with themselves."
)
LICENSED = (
    "The questions are their publisher's and are not kept here: use the published form under its own "
    "licence, and enter the score alone."
)
FIRST: tuple[dict[str, Any], ...] = (
    {
        "key": "how-it-goes",
        "name": "How it goes for me",
        "kind": "questions",
        "about": "child",
        "low": 0,
        "high": 20,
        "better": "more",
        "meaning": "Five answers from 0 to 4, added up. For talking about what changed, not for judging.",
        "source": OURS,
        "questions": [
            "I feel safe at home.",
            "There is a grown-up I can talk to.",
            "I sleep well enough.",
            "I get on with people of my age.",
            "I look forward to something this week.",
        ],
    },
    {
        "key": "at-home",
        "name": "How things are at home",
        "kind": "questions",
        "about": "adult",
        "low": 0,
        "high": 20,
        "better": "more",
        "meaning": "Five answers from 0 to 4, added up. For talking about what changed, not for judging.",
        "source": OURS,
        "questions": [
            "I know whom to ask when things get difficult.",
            "Mornings and evenings go mostly as we plan them.",
            "I enjoy some time with my child each week.",
            "I get enough rest to manage the day.",
            "When we disagree at home, we settle it calmly.",
        ],
    },
    {
        "key": "sdq-total",
        "name": "SDQ, total difficulties",
        "kind": "score",
        "about": "child",
        "low": 0,
        "high": 40,
        "better": "fewer",
        "meaning": "The total of the Strengths and Difficulties Questionnaire. Say in the source who filled "
        "it in: parent, teacher or young person; only the same are compared.",
        "source": LICENSED,
        "questions": [],
    },
    {
        "key": "wemwbs",
        "name": "WEMWBS, mental wellbeing",
        "kind": "score",
        "about": "adult",
        "low": 14,
        "high": 70,
        "better": "more",
        "meaning": "The total of the Warwick-Edinburgh Mental Wellbeing Scale of 14 items.",
        "source": LICENSED,
        "questions": [],
    },
    {
        "key": "gad-7",
        "name": "GAD-7, anxiety",
        "kind": "score",
        "about": "adult",
        "low": 0,
        "high": 21,
        "better": "fewer",
        "meaning": "The total of the seven items. It is no diagnosis: that is a clinician's.",
        "source": LICENSED,
        "questions": [],
    },
)
# What is asked of families, and of whoever asked for help: answered from 0 to 4 (`MUCH`).
FEEDBACK: dict[str, dict[str, str]] = {
    "family": {
        "heard": "We were listened to.",
        "clear": "We knew what would happen next.",
        "helped": "What we did together helped.",
        "again": "I would tell a friend to ask for help here.",
    },
    "sender": {
        "easy": "Asking for help was easy.",
        "told": "I was told what I needed to know.",
        "fits": "The family got help that fits.",
    },
}


def total(answers: list[int | None]) -> float | None:
    """Return the score of answers from 0 to 4: their sum. With one missing it is the mean of the
    others times how many were asked; with more there is none."""
    given = [answer for answer in answers if answer is not None]
    if not given or len(answers) - len(given) > 1:
        return None
    return round(sum(given) / len(given) * len(answers), 1)
