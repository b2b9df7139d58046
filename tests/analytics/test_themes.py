"""Notes put into themes by their words: every reason open, nothing moved that a person placed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kith.analytics.themes import (
    CUTS,
    MEAN_THE_SAME,
    Note,
    alike,
    compared,
    propose,
    sentences_of,
    terms_of,
    tone_of,
)
from kith.analytics.themes import _clusters as clusters
from kith.analytics.themes import _likeness as likeness_of
from kith.analytics.themes import _weigh as weigh

SAID = (
    ("Banbury", "Ann", "space", "Two group rooms and plenty of space."),
    ("Banbury", "Bob", "space", "The space was short, and a parent was spoken to in the corridor."),
    ("Witney", "Ann", "space", "Bright rooms. There is space to play."),
    ("Witney", "Cho", "demand", "Waiting lists have grown to seven weeks."),
    ("Didcot", "Bob", "demand", "Families wait four weeks for a first visit."),
    ("Didcot", "Cho", "demand", "The queue is long, and families ring about the wait."),
    ("Didcot", "Bob", "other", "A dog slept under the table."),
)


def notes(said=SAID) -> list[Note]:
    return [Note(number, *one) for number, one in enumerate(said, start=1)]


def test_what_is_said_of_one_thing_comes_together_and_what_fits_nowhere_is_left_over():
    proposal = propose(sentences_of(notes()))

    assert [one.title for one in proposal.themes] == ["Space", "Waiting"]
    space, waiting = proposal.themes
    assert {one.note for one in space.sentences} == {1, 2, 3}
    assert {one.note for one in waiting.sentences} == {4, 5, 6}
    assert waiting.telling[0] == "waiting"
    assert waiting.because.startswith("3 sentences from 2 places. “waiting” stands in 3 of them")
    assert "A dog slept under the table." in [one.words for one in proposal.rest]


def test_words_of_the_field_that_mean_the_same_count_as_one():
    assert terms_of("The queue") == terms_of("Waiting lists")[:1] == ["=waiting"]
    assert terms_of("meetings met a meeting") == ["meet", "meet"]
    assert terms_of("It was as if there were none.") == []


def test_running_again_never_moves_what_a_person_placed():
    sentences = sentences_of(notes())
    by_note = {one.note: one.key for one in sentences if one.number == 0}
    placed = {by_note[4]: 7, by_note[1]: None, by_note[7]: 7}

    proposal = propose(sentences, placed=placed)

    moved = {one.key for theme in proposal.themes for one in theme.sentences}
    moved |= set(proposal.joined) | {one.key for one in proposal.rest}
    assert not moved & set(placed)
    assert moved | set(placed) == {one.key for one in sentences}
    # What is like the sentences of somebody's theme is proposed to join it.
    alone = propose(sentences, placed={by_note[4]: 7, by_note[5]: 7})
    assert alone.joined == {by_note[6]: 7}


def test_praise_and_concern_are_told_by_words_that_are_shown_and_else_cannot_be_told():
    assert tone_of("Staff are kind and patient.") == ("praise", ("kind", "patient"))
    assert tone_of("The lift was broken.") == ("concern", ("broken",))
    assert tone_of("There are no vacancies.") == ("praise", ("no … vacancies",))
    assert tone_of("It is not welcoming.") == ("concern", ("not … welcoming",))
    assert tone_of("Waiting is short.") == ("praise", ("waiting … short",))
    assert tone_of("Staff are committed and tired.") == ("", ("committed", "tired"))
    assert tone_of("The hub opens at nine.") == ("", ())
    assert tone_of("We heard no complaint.") == ("praise", ("no … complaint",))
    assert tone_of("Not enough space.") == ("concern", ("not … enough",))
    assert tone_of("The wait is not long.") == ("praise", ("waiting … not long",))
    assert tone_of("The wait is not short.")[0] != "praise"


def test_words_that_say_neither_where_they_stand_are_passed_over():
    assert tone_of("As well as a hall there is a garden.") == ("", ())
    assert tone_of("Well, the roof leaks.") == ("", ())
    assert tone_of("It works well.") == ("praise", ("well",))
    assert tone_of("Don’t forget the excellent garden.") == ("praise", ("excellent",))
    assert tone_of("Not only kind but patient.") == ("praise", ("kind", "patient"))
    assert tone_of("We came late in the day.") == ("", ())
    assert tone_of("It could be better.") == ("concern", ("could be better",))


def test_visitors_of_one_place_agree_disagree_or_it_cannot_be_told():
    said = (
        ("Banbury", "Ann", "", "Plenty of space."),
        ("Banbury", "Bob", "", "The rooms are cramped."),
        ("Witney", "Ann", "", "Lovely rooms."),
        ("Witney", "Cho", "", "Bright rooms."),
        ("Didcot", "Bob", "", "Lovely rooms."),
        ("Didcot", "Cho", "", "Two rooms."),
        ("Bicester", "Bob", "", "Lovely rooms."),
        ("Bicester", "Bob", "", "Cold rooms."),
        ("Bicester", "Cho", "", "Cold rooms."),
    )

    found = compared(sentences_of(notes(said)))

    assert {one.place: one.verdict for one in found} == {
        "Banbury": "disagree",
        "Bicester": "cannot tell",  # Bob says both, so only one of two can be told
        "Didcot": "cannot tell",
        "Witney": "agree",
    }
    banbury = found[0]
    assert (banbury.praise, banbury.concern) == (
        (("Ann", ("plenty",)),),
        (("Bob", ("cramped",)),),
    )


CUT = CUTS["usual"]
WORDS = st.sampled_from(
    ["space", "room", "waiting", "queue", "school", "teacher", "garden", "boiler", "tea", "bus"]
)
SOME = st.lists(
    st.tuples(
        st.sampled_from(["Banbury", "Witney"]),
        st.sampled_from(["Ann", "Bob"]),
        st.sampled_from(["space", "demand", ""]),
        st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
    ),
    max_size=9,
)


def average(one, other, weighed) -> float:
    pairs = [alike(weighed[a], weighed[b]) for a in one for b in other]
    return sum(pairs) / len(pairs)


@settings(deadline=None)
@given(SOME)
def test_groups_are_those_of_the_plain_reckoning_over_all_pairs(said):
    sentences = sentences_of(notes(said))
    weighed = dict(zip((one.key for one in sentences), weigh(sentences), strict=True))

    proposal = propose(sentences)

    groups = [{one.key for one in theme.sentences} for theme in proposal.themes]
    for number, one in enumerate(groups):
        for other in groups[:number]:
            # Whatever was left apart is not alike enough on average.
            assert average(one, other, weighed) < CUT + 1e-9
    assert propose(sentences) == proposal
    every = [one.key for theme in proposal.themes for one in theme.sentences]
    every += [one.key for one in proposal.rest]
    assert sorted(every) == sorted(weighed)


def by_looking_at_all_pairs(sentences, weighed) -> set[frozenset]:
    """The groups, by asking every pair each time."""
    groups = {number: [one.key] for number, one in enumerate(sentences)}
    first = likeness_of([weighed[one.key] for one in sentences])
    near = {(a, b): first[a].get(b, 0.0) for a in groups for b in groups if b < a}
    while near:
        value, one, other = max((value, -a, -b) for (a, b), value in near.items())
        if value < CUT:
            break
        one, other = -one, -other
        a, b = len(groups[one]), len(groups[other])
        for third in groups.keys() - {one, other}:
            old = near.pop((max(one, third), min(one, third)))
            where = (max(other, third), min(other, third))
            near[where] = (a * old + b * near[where]) / (a + b)
        del near[one, other]
        groups[other] += groups.pop(one)
    return {frozenset(keys) for keys in groups.values()}


@settings(deadline=None)
@given(SOME)
def test_keeping_the_best_of_each_row_makes_the_groups_that_asking_every_pair_does(said):
    sentences = sentences_of(notes(said))
    weighed = dict(zip((one.key for one in sentences), weigh(sentences), strict=True))

    found = {frozenset(one.key for one in group) for group in clusters(sentences, weighed, CUT)}

    assert found == by_looking_at_all_pairs(sentences, weighed)


@settings(deadline=None)
@given(SOME)
def test_narrower_themes_lie_within_wider_ones(said):
    sentences = sentences_of(notes(said))
    weighed = dict(zip((one.key for one in sentences), weigh(sentences), strict=True))

    narrow, wide = (
        [{one.key for one in group} for group in clusters(sentences, weighed, CUTS[cut])]
        for cut in ("narrow", "wide")
    )

    assert all(any(group <= around for around in wide) for group in narrow)


@settings(deadline=None)
@given(SOME)
def test_a_sentence_joins_the_theme_that_it_is_most_like_on_average(said):
    sentences = sentences_of(notes(said))
    weighed = dict(zip((one.key for one in sentences), weigh(sentences), strict=True))
    placed = {one.key: number % 2 for number, one in enumerate(sentences[: len(sentences) // 2])}

    joined = propose(sentences, placed=placed).joined

    for one in sentences[len(placed) :]:
        likeness = {
            theme: average([one.key], [key for key, at in placed.items() if at == theme], weighed)
            for theme in set(placed.values())
        }
        best = max(likeness.values(), default=0.0)
        if one.key in joined:
            assert abs(likeness[joined[one.key]] - best) < 1e-8
        else:
            assert best < CUT + 1e-8


@settings(deadline=None)
@given(SOME, st.randoms(use_true_random=False))
def test_the_order_of_the_sentences_makes_no_difference(said, chance):
    sentences = sentences_of(notes(said))
    mixed = chance.sample(sentences, len(sentences))

    assert propose(mixed) == propose(sentences)


@settings(deadline=None)
@given(SOME)
def test_every_sentence_stands_once_and_no_word_is_invented(said):
    sentences = sentences_of(notes(said))

    proposal = propose(sentences)

    stand = [one for theme in proposal.themes for one in theme.sentences] + [*proposal.rest]
    assert sorted(stand, key=lambda one: one.key) == sentences
    for theme in proposal.themes:
        written = " ".join(one.words for one in theme.sentences)
        for word in theme.telling:
            assert word in MEAN_THE_SAME or word in written


@settings(deadline=None)
@given(SOME.filter(bool))
def test_what_is_written_twice_in_the_same_words_under_one_heading_stays_together(said):
    sentences = sentences_of(notes([*said, said[0]]))
    weighed = dict(zip((one.key for one in sentences), weigh(sentences), strict=True))
    first, again = [one.key for one in sentences if one.note in (1, len(said) + 1)]

    (home,) = [g for g in clusters(sentences, weighed, CUT) if first in {one.key for one in g}]

    assert again in {one.key for one in home} or not weighed[first]
