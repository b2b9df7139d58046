"""Why something cannot be as asked."""


class DirectoryRefused(Exception):
    """It cannot be as asked; the message says why and what to do, and `field` where."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class SentTooMuch(DirectoryRefused):
    """More was sent from one place, or by one group, than anybody writes."""
