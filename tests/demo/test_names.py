"""Nobody in the county is real, and no school of it is a real one of Oxfordshire."""

import csv
from itertools import product
from pathlib import Path

import pytest

from kith.demo import names
from kith.demo.words import HOME_VOICE, THEMES

REAL_SCHOOLS = Path(__file__).parents[3] / "shared/data/geo/ox_schools_gias2025.csv"


def test_no_invented_place_name_is_in_the_name_of_a_real_school():
    if not REAL_SCHOOLS.exists():
        pytest.skip(f"THE REGISTER OF SCHOOLS IS NOT HERE: {REAL_SCHOOLS}")
    with REAL_SCHOOLS.open() as file:
        real = {
            word.casefold()
            for row in csv.DictReader(file)
            for word in row["establishment_name"].replace("-", " ").split()
        }
    made = {
        first + second
        for first, second in product(names.PLACE_FIRST, names.PLACE_SECOND)
        if first + second not in names.TAKEN
    }
    assert {place for place in made if place.casefold() in real} == set()


def test_every_culture_has_names_enough_and_every_hub_a_mix():
    for culture in names.CULTURES.values():
        for pool in (culture.girls, culture.boys, culture.women, culture.men, culture.surnames):
            assert len(set(pool)) >= 8
        assert sum(weight for _, weight in culture.ethnicity) == pytest.approx(1.0)
    assert all(set(mix) == set(names.CULTURES) for mix in names.MIX.values())


def test_every_worry_is_one_of_the_countys_needs():
    from kith.referrals.actions.needs import DEFAULT_NEEDS

    known = {need[0] for need in DEFAULT_NEEDS}
    assert {code for theme in THEMES for code in theme.needs} <= known
    assert {theme.key for theme in THEMES} == set(HOME_VOICE)
