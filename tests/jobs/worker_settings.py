"""The settings of a worker that also knows the sample work of these tests."""

from kith.settings import *  # noqa: F403
from kith.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.jobs.sample"]
