"""What people say about entries of the demonstration county's directory, open and answered."""

from datetime import datetime, timedelta

from kith.accounts.models import User
from kith.accounts.viewer import seeing_as
from kith.directory.models import Remark, Service

Topic = Remark.Topic
# What it is about, words, an address for a reply, days ago, whether somebody has it, the reply.
SAID: tuple[tuple[str, str, str, int, bool, str | None], ...] = (
    (Topic.WRONG, "We stood before a locked door. A note said Wednesdays now, not Tuesdays.",
     "jo@home.example", 3, False, None),
    (Topic.NO_ANSWER, "I have rung four times, at different hours. Nobody picks up and there is no machine.",
     "", 6, True, None),
    (Topic.CLOSED, "My neighbour runs it and says they stopped at half-term.", "", 9, False, None),
    (Topic.OTHER, "Is there room for a double buggy? Your page does not say.", "sam@home.example", 12, True, None),
    (Topic.THANKS, "We found this here on a bad day. It has been lovely.", "", 15, False, None),
    (Topic.WRONG, "The postcode takes you to the car park behind the church, not to the rooms.",
     "priya@home.example", 21, True, "Thank you: the entry now names the door in Mill Lane."),
    (Topic.CLOSED, "Closed all summer, it says on their window.", "", 40, True, ""),
    (Topic.THANKS, "", "", 44, True, ""),
)  # fmt: skip


def tell_remarks(now: datetime) -> None:
    """Write what people say, and what has become of it."""
    desk = User.objects.filter(memberships__role="county_desk").order_by("pk").first()
    assert desk
    read = Service.objects.filter(published=True, professional_only=False).order_by(
        "assured_on", "pk"
    )
    for number, (service, said) in enumerate(zip(read, SAID, strict=False)):
        topic, words, email, ago, taken, reply = said
        at = now - timedelta(days=ago, hours=number)
        # Written as it stands: what was replied was sent long ago.
        with seeing_as(desk):
            done = reply is not None
            Remark.objects.create(
                service=service,
                topic=topic,
                words=words,
                email=email,
                made_at=at,
                owner=desk if taken else None,
                state="done" if done else "open",
                reply=reply or "",
                done_at=at + timedelta(days=1) if done else None,
                done_by=desk if done else None,
            )
