"""What the log says while the database is away: one line for each request, not a page."""

import logging

AWAY = ("OperationalError", "ConnectorException")


class DatabaseAway(logging.Filter):
    """Say in one line that the database did not answer; everything else is left as it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if type(error).__name__ in AWAY:
            first = error.__cause__ if type(error).__name__ == AWAY[1] and error else error
            reason = str(first or error).strip().partition("\n")[0]
            said = record.getMessage().partition("\n")[0].rstrip(": ")
            record.msg, record.args = f"{said}: {reason}", ()
            record.exc_info = record.exc_text = None
        return True
