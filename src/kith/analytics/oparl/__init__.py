"""OParl 1.1, the open format for what councils decide: its objects, and whether an endpoint keeps to it."""

from kith.analytics.oparl.validator import Fetch, Finding, Report, validate

__all__ = ["Fetch", "Finding", "Report", "validate"]
