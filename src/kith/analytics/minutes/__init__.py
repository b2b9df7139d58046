"""Minutes, agendas and review reports that others have written, read into records.

`read(path)` gives what the text says with the line of each value, and warnings for what a person should
confirm. Nothing is made up: every `text` stands in the file.
"""

from kith.analytics.minutes.formats import CannotRead
from kith.analytics.minutes.record import read

__all__ = ["CannotRead", "read"]
