"""What changes to a family's record refuse. Each message says what to do instead."""

from kith.analytics.kinship import Oddity


class NotPossible(Exception):
    """A change that cannot be made now. `field` is the question whose answer is to be mended."""

    field = ""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field or self.field


class InTheFuture(NotPossible):
    """What has not happened yet cannot be written down as having happened."""

    field = "on"


class OutOfOrder(NotPossible):
    """An end stands after its beginning, and both after a birth and before a death."""

    field = "until"


class LivesThereAlready(NotPossible):
    """Nobody lives at one home twice on the same day."""

    field = "since"


class BelongsAlready(NotPossible):
    """Nobody belongs to one family twice on the same day."""

    field = "since"


class KeptToNamed(NotPossible):
    """Somebody of a record kept to named people joins another only knowing who will see them."""

    field = "knowing"


class LooksOdd(NotPossible):
    """Possible, but odd: a person says that it is right. `oddities` are what to say it of."""

    field = "sure_of"

    def __init__(self, oddities: list[Oddity]) -> None:
        super().__init__("This looks odd. Tick what is right, or mend your answers.")
        self.oddities = oddities


class RelatedAlready(NotPossible):
    """The two are this to each other already."""

    field = "kind"


class BornAlready(NotPossible):
    """The child was born already."""


class DiedAlready(NotPossible):
    """A death is written down once."""


class ChangedMeanwhile(NotPossible):
    """Somebody changed the record while it was being corrected. Nothing is silently overwritten."""


class EndedAlready(NotPossible):
    """It has ended already."""


class NothingSaid(NotPossible):
    """There is nothing to write down."""


class NotOfThisFamily(NotPossible):
    """A fact of a family is about its own people and homes."""
