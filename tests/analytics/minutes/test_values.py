"""What a file says, value by value: nothing is added, nothing is lost, and what is uncertain is asked."""

from kith.analytics.minutes import read
from kith.analytics.minutes.values import same_words, settled, values, waiting

TEXT = """Town Scrutiny Committee - Thursday, 14 March 2019 10.00 am

1. Apologies for absence
Minutes:
Apologies were received from Councillor Eve Ford.

3. Buses
Minutes:
Councillor Dunn asked whether the evening bus would stay.
The committee requested that a report on fares come to the May meeting.

Recommendation

- Keep the evening bus.
"""


def test_every_value_stands_in_the_text():
    for value in values(read(TEXT.encode(), "m.txt")):
        if value.about in ("points", "recommendations", "actions"):
            assert value.words in TEXT


def test_each_warning_is_asked_once_somewhere():
    found = read(TEXT.encode(), "m.txt")
    asked = [why for value in values(found) for why in value.asks]
    assert found["warnings"], "a number is missing, and what was asked for may be over"
    for warning in found["warnings"]:
        assert asked.count(warning["text"]) == 1


def test_what_is_decided_is_put_in_and_the_rest_stays_as_it_was_read():
    found = read(TEXT.encode(), "m.txt")
    decided = {
        "items/2": {"said": "changed", "words": "Evening buses"},
        "items/2/points/0": {"said": "out", "words": ""},
        "start_time": {"said": "changed", "words": "09:30"},
    }
    record = settled(found, decided)

    assert record["start_time"] == "09:30" and record["date"] == found["date"] == "2019-03-14"
    assert [item["title"] for item in record["items"]] == ["Apologies for absence", "Evening buses"]
    words = [point["text"] for point in record["items"][1]["minuted"]]
    assert "Keep the evening bus." in words and not any("asked whether" in one for one in words)
    assert found["items"][1]["title"] == "Buses", "what was read is not changed"


def test_nothing_waits_once_each_question_is_answered():
    made = values(read(TEXT.encode(), "m.txt"))
    decided = {one.place: {"said": one.choices[0][0], "words": "x"} for one in made if one.asks}
    assert decided and not waiting(made, decided)


def test_the_same_sentence_is_known_whatever_its_quotes_and_last_stop():
    assert same_words("The hub’s  core offer.", "the hub's core offer")
    assert not same_words("The hub’s core offer", "The hub’s local offer")
