"""What a form says where an answer is missing: made from its question."""

import pytest
from django import forms

from kith.ui.fields import DateField

CHOICES = [("a", "A"), ("b", "B")]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (forms.ChoiceField(label="Who is away?", choices=CHOICES), "Choose who is away"),
        (forms.ChoiceField(label="Which hub?", choices=CHOICES), "Choose which hub"),
        (
            forms.ChoiceField(label="Which goal is it for?", choices=CHOICES),
            "Choose an answer: which goal is it for?",
        ),
        (
            forms.ChoiceField(label="Did the family agree?", choices=CHOICES),
            "Choose an answer: did the family agree?",
        ),
        (DateField(label="When did they die?"), "Enter the date: when did they die?"),
        (DateField(label="Date of birth"), "Enter date of birth"),
        (forms.IntegerField(label="How many minutes?"), "Enter how many minutes"),
        (forms.CharField(label="What did you find?"), "Enter an answer: what did you find?"),
        (forms.CharField(label="What will be done?"), "Enter what will be done"),
        (forms.BooleanField(label="I may do this"), "Tick “I may do this” to go on"),
    ],
)
def test_a_missing_answer_is_asked_for_in_the_words_of_its_question(field, said):
    class Asked(forms.Form):
        answer = field

    form = Asked({})

    assert form["answer"].messages == [said]
