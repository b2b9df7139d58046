"""Why something cannot be as asked."""


class ScrutinyRefused(Exception):
    """It cannot be as asked; the message says why and what to do, and `field` where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
