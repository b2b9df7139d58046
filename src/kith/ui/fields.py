"""The fields of forms, by the name under which all rooms above this one use them."""

from kith.typed.fields import DateField, DateParts, PlainTextField

__all__ = ["DateField", "DateParts", "PlainTextField"]
