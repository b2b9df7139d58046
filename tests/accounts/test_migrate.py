"""`migrate` makes the classes of models anew sparingly, and always those that know the changed one."""

from django.db import models
from django.db.migrations import operations
from django.db.migrations.state import ModelState

from kith.accounts.management.commands.migrate import SparingState, only_adds


def drawn_state(*states: ModelState) -> SparingState:
    state = SparingState()
    for each in states:
        state.add_model(each)
    _ = state.apps
    return state


def a_model(name: str, *, points_to: str = "", **options) -> ModelState:
    fields = [("id", models.BigAutoField(primary_key=True))]
    if points_to:
        fields.append(("above", models.ForeignKey(f"hall.{points_to}", models.CASCADE)))
    return ModelState("hall", name, fields, **options)


def test_what_points_to_a_changed_model_is_made_anew_and_nothing_else():
    state = drawn_state(
        a_model("Roof"),
        a_model("Wall", points_to="Roof"),
        a_model("Stone", points_to="Wall"),
        a_model("Garden", points_to="Roof"),
    )
    before = {model.__name__: model for model in state.apps.get_models()}

    state.add_field("hall", "wall", "height", models.IntegerField(default=0), False)
    after = {model.__name__: model for model in state.apps.get_models()}

    assert {name for name in after if after[name] is not before[name]} == {"Wall", "Stone"}
    assert after["Stone"]._meta.get_field("above").related_model is after["Wall"]
    assert after["Wall"]._meta.get_field("above").related_model is after["Roof"]


def test_what_is_made_from_a_changed_model_is_made_anew():
    state = drawn_state(a_model("Wall"), ModelState("hall", "Party", [], bases=("hall.wall",)))
    before = state.apps.get_model("hall", "Party")

    state.add_field("hall", "wall", "height", models.IntegerField(default=0), False)

    assert state.apps.get_model("hall", "Party") is not before
    assert issubclass(state.apps.get_model("hall", "Party"), state.apps.get_model("hall", "Wall"))


def test_two_that_point_to_each_other_are_both_made_anew():
    state = drawn_state(a_model("Wall"), a_model("Roof", points_to="Wall"))
    state.add_field(
        "hall", "wall", "below", models.ForeignKey("hall.Roof", models.CASCADE, null=True), False
    )
    wall, roof = (state.apps.get_model("hall", name) for name in ("Wall", "Roof"))

    assert wall._meta.get_field("below").related_model is roof
    assert roof._meta.get_field("above").related_model is wall


def test_a_step_that_takes_away_or_renames_is_left_to_django():
    left = [
        operations.RemoveField("wall", "height"),
        operations.DeleteModel("wall"),
        operations.RenameField("wall", "height", "tall"),
        operations.AlterField("wall", "number", models.CharField(unique=True, max_length=9)),
        operations.AlterField("wall", "above", models.ForeignKey("hall.Roof", models.CASCADE)),
    ]

    assert not any(map(only_adds, left))
    assert only_adds(operations.AlterField("wall", "number", models.CharField(max_length=9)))
