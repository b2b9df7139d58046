"""What all tests of casework begin with."""

import pytest


@pytest.fixture(autouse=True)
def texts_are_set_up(settings):
    """A county that has a provider of text messages; nothing is sent while tests run."""
    settings.KITH_NOTIFY_KEY, settings.KITH_NOTIFY_TEXT_TEMPLATE = "key", "template"
