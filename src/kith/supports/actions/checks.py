"""What the actions of this room refuse, and the locks they begin with."""

from kith.supports.models import Session, Support


class NotPossible(Exception):
    """A change that cannot be made now. The message says why, in words for the person."""


class SupportEnded(NotPossible):
    """The support is not given any more."""


class SessionCancelled(NotPossible):
    """The session was cancelled, so it has no register."""


class SessionMarked(NotPossible):
    """Somebody is marked already, so the session cannot be cancelled."""


class NotYet(NotPossible):
    """A register is taken on the day of the session, not before."""


class SameTime(NotPossible):
    """There is a session of this support at that time already."""


class NoPlace(NotPossible):
    """Every place of the support is taken."""


class AlreadyPlaced(NotPossible):
    """The person has a place on the support, or stands on the register, already."""


class NotKnownHere(NotPossible):
    """The hub does not know the family, or it is not this person's family."""


class WrongDay(NotPossible):
    """The day is before something that must come first."""


class ReasonMissing(NotPossible):
    """The change needs a reason."""


class NotOfThisHub(NotPossible):
    """The leader does not work at the hub."""


class NoSuchPartner(NotPossible):
    """Nobody of a partner has an account with this address."""


class LeadsAlready(NotPossible):
    """The same person leads the support already."""


def lock_session(session: Session) -> Session:
    """Return the session as it is now, locked: two people may take one register."""
    return (
        Session.objects.select_for_update(of=("self",)).select_related("support").get(pk=session.pk)
    )


def lock_support(support: Support) -> Support:
    """Return the support as it is now, locked: two people may take its last place."""
    return Support.objects.select_for_update().get(pk=support.pk)
