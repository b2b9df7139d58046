"""`script/bench [NAME ...] [options]`: run the named measurements; the front door's by default."""

import sys

from bench import directory, front_door, meetings, minutes, packs, returns, themes, twins

MEASUREMENTS = {
    "front_door": front_door.main,
    "returns": returns.main,
    "directory": directory.main,
    "themes": themes.main,
    "meetings": meetings.main,
    "packs": packs.main,
    "twins": twins.main,
    "minutes": minutes.main,
}

if __name__ == "__main__":
    words = sys.argv[1:]
    names = [word for word in words if not word.startswith("-") and word in MEASUREMENTS]
    options = [word for word in words if word not in names]
    for name in names or ["front_door"]:
        if MEASUREMENTS[name](options):
            sys.exit(1)
