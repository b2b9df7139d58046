"""Why a change to people, teams or roles was refused. Each message can be shown as it is."""


class NotPossible(Exception):
    """The change makes no sense as things stand; the message says why, and `field` where."""

    field: str | None = None


class AddressTaken(NotPossible):
    """Somebody has this e-mail address already."""

    field = "email"


class AlreadyHeld(NotPossible):
    """The person holds this role in this team on some of these days."""

    field = "since"


class WrongTeam(NotPossible):
    """The role is not one that is held in this kind of team."""

    field = "role"


class EndsBeforeItBegins(NotPossible):
    """The last day is before the first."""

    field = "until"


class LastAdministrator(NotPossible):
    """Nobody would be left who could make accounts."""


class AlreadyEnded(NotPossible):
    """It has ended already."""


class NotStaff(NotPossible):
    """Only staff of the hubs and the county stand in for a colleague."""

    field = "covered_by"
