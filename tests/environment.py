"""Read by pytest before anything else: the settings of a test run."""

import os
from pathlib import Path

os.environ["KITH_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "kith.settings"
os.environ["KITH_VAR"] = os.environ.get(
    "KITH_TEST_VAR", str(Path(__file__).parents[1] / "var" / "test")
)
# Where the web server of static files looks at every start.
Path(os.environ["KITH_VAR"], "static").mkdir(parents=True, exist_ok=True)
