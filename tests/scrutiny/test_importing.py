"""Old minutes and reports brought into the records: nothing twice, nothing invented, nothing half done."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kith.accounts.viewer import see_as
from kith.analytics.minutes.values import waiting
from kith.scrutiny.actions import importing, minutes, publishing
from kith.scrutiny.actions.refusals import ScrutinyRefused
from kith.scrutiny.models import (
    Attendance,
    FromFile,
    Item,
    Meeting,
    Member,
    OldFile,
    Origin,
    PlanEntry,
    Point,
    Practice,
    Published,
    Recommendation,
    Theme,
)
from kith.scrutiny.old_queries import differences
from tests.factories.accounts import make_team, make_user
from tests.factories.scrutiny import (
    MEETS,
    NOW,
    call,
    hold,
    make_committee,
    make_meeting,
    make_officer,
    sit,
)

pytestmark = pytest.mark.django_db

SOURCES = Path(__file__).parents[3] / "shared/sources"
sources = pytest.mark.skipif(
    not SOURCES.exists(), reason="the two source texts are not here: their import is NOT tested"
)

MINUTES = """Town Scrutiny Committee - Thursday, 14 March 2019 10.00 am

Present: Councillor Ada Byrne (in the chair), Councillor Carl Dunn

1. Apologies for absence
Minutes:
Apologies were received from Councillor Eve Ford.

2. Minutes
Minutes:
The minutes of the meeting held on 10 January 2019 were approved as a correct record, subject to the following correction: item 3, insert "not" before "enough".

3. Buses
Minutes:
Councillor Dunn asked whether the evening bus would stay.
In response, Councillor Byrne said that it would stay until May.
RESOLVED: that the bus be looked at again.
The committee requested that a report on fares come to the May meeting.

The meeting finished at 11.30 am.
"""
EARLIER = """Town Scrutiny Committee - Thursday, 10 January 2019 10.00 am

Present: Councillor Ada Byrne (in the chair), Councillor Carl Dunn, Councillor Eve Ford

1. Apologies for absence
Minutes:
There were none.

3. Parks
Minutes:
Councillor Ford said that there are enough benches.

The meeting finished at 11.00 am.
"""


@pytest.fixture
def officer():
    return make_officer()


@pytest.fixture
def committee(officer):
    made = make_committee(
        officer, members=0, name="Town Scrutiny Committee", since=date(2010, 1, 1)
    )
    for name in ("Ada Byrne", "Carl Dunn", "Eve Ford"):
        sit(made, officer, name, since=date(2015, 5, 7))
    return made


def read(officer, committee, text, name="minutes.txt"):
    file, _ = importing.read_file(
        committee=committee, name=name, held=text.encode(), by=officer, at=NOW
    )
    return file


def answered(officer, file, **by_place):
    """Answer all that is asked: the first answer, unless another is given."""
    decided = {}
    for value in waiting(importing.all_values(file), file.decided):
        said, words = by_place.get(value.place.replace("/", "_"), (value.choices[0][0], "Untitled"))
        decided[value.place] = {"said": said, "words": words}
    return importing.decide(file=file, decided=decided, by=officer, at=NOW)


def brought(officer, file, **by_place):
    file = answered(officer, file, **by_place)
    return importing.bring_in(file=file, by=officer, at=NOW)


def counted():
    models = (Meeting, Item, Point, Attendance, Member, PlanEntry, Recommendation, Origin, FromFile)
    return [model.objects.count() for model in (*models, Theme, Practice)]


def test_minutes_become_a_meeting_that_was_held_with_what_was_said_in_its_own_words(
    officer, committee
):
    met = brought(officer, read(officer, committee, MINUTES)).meeting

    assert f"{met.starts_at:%d %B %Y}" == "14 March 2019" and met.state == "held"
    assert met.finished_at and met.minutes == "draft", "a later meeting confirms them"
    assert dict(met.attendances.values_list("member__name", "state")) == {
        "Ada Byrne": "present",
        "Carl Dunn": "present",
        "Eve Ford": "apologies",
    }
    assert [str(item) for item in met.items.all()] == [
        "1 Apologies for absence",
        "2 Minutes",
        "3 Buses",
    ]
    points = met.items.get(number="3").points
    question, answer = points.get(kind="question"), points.get(kind="response")
    assert answer.answers == question and question.member.name == "Carl Dunn"
    assert points.get(kind="resolution").words == "RESOLVED: that the bus be looked at again."
    for point in Point.objects.filter(item__meeting=met):
        assert point.words in MINUTES, "nothing stands in the records that the text does not say"
        assert point.from_files.get().line, "and each sentence keeps its line"


def test_the_same_file_again_changes_nothing_and_says_so(officer, committee):
    file = read(officer, committee, MINUTES)
    brought(officer, file)
    before = counted()

    again, new = importing.read_file(
        committee=committee, name="copy.txt", held=MINUTES.encode(), by=officer, at=NOW
    )
    told = importing.bring_in(file=again, by=officer, at=NOW)

    assert not new and again.pk == file.pk and (told.added, told.same) == (0, 0)
    assert counted() == before


def test_the_same_minutes_in_another_file_are_not_written_twice(officer, committee):
    brought(officer, read(officer, committee, MINUTES))
    points, asked = Point.objects.count(), PlanEntry.objects.count()

    other = read(officer, committee, MINUTES.replace("evening bus", "night bus"), "other.txt")
    met = brought(officer, other).meeting

    assert (
        Meeting.objects.filter(committee=committee).count() == 1 and Point.objects.count() == points
    )
    assert met.items.count() == 3 and PlanEntry.objects.count() == asked == 1
    other.refresh_from_db()
    assert differences(other) == ["Councillor Dunn asked whether the night bus would stay."]


def test_nearly_the_words_of_another_recommendation_are_asked_about_and_never_made_one_in_silence(
    officer, committee
):
    told = MINUTES.replace(
        "RESOLVED:", "\nRecommendation\n\n- Keep the evening bus to the villages.\n\nRESOLVED:"
    )
    brought(officer, read(officer, committee, told))
    first = Recommendation.objects.get()
    again = told.replace("14 March", "9 May").replace("Thursday, 9", "Thursday, 9")
    again = again.replace("evening bus to the villages", "evening buses to the villages")

    file = read(officer, committee, again, "may.txt")
    asked = [one for one in importing.all_values(file) if one.place.startswith("recommendations/")]
    assert [said for said, _ in asked[0].choices] == [f"same {first.pk}", "right"]
    brought(officer, file)

    assert Recommendation.objects.count() == 1
    assert set(first.origins.exclude(file="").values_list("words", flat=True)) == {
        "Keep the evening bus to the villages.", "Keep the evening buses to the villages.",
    }  # fmt: skip


def test_nothing_is_brought_in_before_all_that_is_asked_is_answered(officer, committee):
    file = read(officer, committee, MINUTES)
    assert waiting(importing.all_values(file), file.decided), "what was asked for may be over"

    with pytest.raises(ScrutinyRefused, match="still to be decided"):
        importing.bring_in(file=file, by=officer, at=NOW)
    assert not Meeting.objects.exists() and not FromFile.objects.exists()


def test_what_goes_wrong_half_way_leaves_nothing_behind(officer, committee, monkeypatch):
    file = answered(officer, read(officer, committee, MINUTES))
    before = counted()

    def breaks(**_):
        raise RuntimeError("the database is full")

    monkeypatch.setattr(importing, "keep_entry", breaks)
    with pytest.raises(RuntimeError):
        importing.bring_in(file=file, by=officer, at=NOW)

    assert counted() == before


def test_what_was_asked_for_stays_open_only_where_a_person_says_so(officer, committee):
    file = read(officer, committee, MINUTES)
    brought(officer, file)
    entry = PlanEntry.objects.get()
    assert entry.point.words.startswith("The committee requested") and entry.state == "suggested"

    other = make_committee(officer, members=0, name="Other Scrutiny", since=date(2010, 1, 1))
    over = {
        value.place.replace("/", "_"): ("over", "")
        for value in importing.all_values(file)
        if value.about == "actions"
    }
    brought(officer, read(officer, other, MINUTES), **over)
    assert PlanEntry.objects.count() == 1


def test_somebody_who_had_no_seat_is_asked_about_and_never_made_one_with_another(
    officer, committee
):
    text = MINUTES.replace("Councillor Eve Ford.", "Councillor Eva Ford.")
    file = read(officer, committee, text)
    asked = {one.place: one for one in importing.all_values(file) if one.asks}
    place = next(place for place in asked if place.startswith("people/"))
    eve = Member.objects.get(name="Eve Ford")
    assert [said for said, _ in asked[place].choices] == [f"member {eve.pk}", "new", "words"]

    met = brought(officer, file, **{place.replace("/", "_"): ("new", "")}).meeting

    eva = Member.objects.get(name="Eva Ford")
    assert met.attendances.get(member=eva).state == "apologies" and not eva.seats.exists()
    assert not met.attendances.filter(member=eve).exists()


def test_a_later_meeting_confirms_and_what_it_corrects_stands_beside_with_its_day(
    officer, committee
):
    first = brought(officer, read(officer, committee, EARLIER, "january.txt")).meeting
    later = brought(officer, read(officer, committee, MINUTES)).meeting

    first.refresh_from_db()
    assert first.minutes == "confirmed" and first.confirmed_at == later
    correction = first.corrections.get()
    assert correction.made_at == later
    assert correction.words.startswith("subject to the following correction: item 3")
    assert Point.objects.filter(item__meeting=first, words__contains="enough benches").exists()


def test_minutes_that_were_written_here_stay_and_the_file_is_compared_with_them(officer):
    meeting = hold(officer, call(officer, make_meeting(officer)))
    text = MINUTES.replace("Thursday, 14 March 2019", f"{meeting.starts_at:%A, %d %B %Y}")
    text = text.replace("Town Scrutiny Committee", meeting.committee.name)
    item = meeting.items.last()
    minutes.write_point(item=item, details={"words": "Written here."}, by=officer, at=MEETS)
    items, there = meeting.items.count(), meeting.attendances.count()

    file = answered(officer, read(officer, meeting.committee, text))
    told = importing.bring_in(file=file, by=officer, at=MEETS + timedelta(days=9))

    assert told.meeting == meeting
    assert Meeting.objects.filter(committee=meeting.committee).count() == 1
    assert meeting.items.count() == items and Point.objects.get().words == "Written here."
    assert meeting.attendances.count() == there and not PlanEntry.objects.exists()
    file.refresh_from_db()
    assert "Councillor Dunn asked whether the evening bus would stay." in differences(file)


def test_a_day_is_asked_for_where_the_text_has_none_and_a_wrong_one_is_refused_at_the_place(
    officer, committee
):
    file = read(officer, committee, MINUTES.replace(" - Thursday, 14 March 2019 10.00 am", ""))
    asked = {one.place: one for one in importing.all_values(file) if one.asks}
    assert {"date", "start_time"} <= set(asked)

    for place, words in (("date", "the 40th of May"), ("start_time", "half past")):
        with pytest.raises(ScrutinyRefused, match="Enter a") as refusal:
            importing.decide(
                file=file, decided={place: {"said": "changed", "words": words}}, by=officer, at=NOW
            )
        assert refusal.value.field == place
    met = brought(
        officer, file, date=("changed", "14 March 2019"), start_time=("changed", "10.15 am")
    ).meeting
    assert f"{met.starts_at:%Y-%m-%d}" == "2019-03-14"


def test_nothing_of_it_is_public_until_it_is_published(officer, committee):
    met = brought(officer, read(officer, committee, MINUTES)).meeting
    assert not Published.objects.filter(pk=met.uid).exists()
    with pytest.raises(ScrutinyRefused, match="chair clears"):
        publishing.publish_minutes(meeting=met, by=officer, at=NOW)


def test_old_minutes_are_published_as_others_are_though_their_agenda_was_not(
    officer, committee, client
):
    met = brought(officer, read(officer, committee, MINUTES)).meeting
    minutes.clear(meeting=met, cleared_by="The archive", by=officer, at=NOW)
    publishing.publish_minutes(meeting=met, by=officer, at=NOW)

    page = client.get(reverse("meetings:meeting", args=[met.uid])).content.decode()
    assert "evening bus" in page and "Councillor Ada Byrne took the chair" in page


def test_two_items_of_one_name_stay_two(officer, committee):
    text = MINUTES.replace("2. Minutes\n", "2. Buses\n").replace("3. Buses", "4. Buses")
    met = brought(officer, read(officer, committee, text)).meeting
    assert list(met.items.values_list("title", flat=True)) == [
        "Apologies for absence",
        "Buses",
        "Buses",
    ]


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 broken", "damaged PDF"),
        (b"PK\x03\x04 no zip", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "old format of Word"),
        (bytes(range(1, 32)) * 40, "no text"),
    ],
)
def test_a_file_that_says_nothing_is_refused_with_what_to_do(officer, committee, held, says):
    with pytest.raises(ScrutinyRefused, match=says) as refusal:
        importing.read_file(committee=committee, name="x.pdf", held=held, by=officer, at=NOW)
    assert refusal.value.field == "documents" and not OldFile.objects.exists()


def test_an_officer_sends_files_answers_and_brings_them_in_on_the_pages(officer, committee, client):
    client.force_login(officer)
    page = reverse("scrutiny:old_files", args=[committee.slug])
    nothing = client.post(page, {"csrfmiddlewaretoken": "x"})
    assert "Choose at least one file." in nothing.content.decode()
    sent = [
        SimpleUploadedFile("march.txt", MINUTES.encode()),
        SimpleUploadedFile("nothing.txt", b"   "),
    ]
    answer = client.post(page, {"documents": sent})
    assert "nothing.txt is empty" in answer.content.decode(), (
        "the bad one is named, the good one read"
    )
    see_as(officer)
    file = OldFile.objects.get()

    page = reverse("scrutiny:old_file", args=[file.uid])
    shown = client.get(page).content.decode()
    assert "Is it still to be done?" in shown and "Line 18: “The committee requested" in shown
    name = next(
        part.split('"')[0] for part in shown.split('name="')[1:] if part.startswith("said_")
    )
    client.post(page, {name: "over"}, follow=True)
    answer = client.post(reverse("scrutiny:old_bring_in", args=[file.uid]), follow=True)
    assert "added." in answer.content.decode()
    see_as(officer)
    met = Meeting.objects.get(committee=committee)
    shown = client.get(reverse("scrutiny:minutes", args=[met.uid])).content.decode()
    assert "evening bus" in shown
    original = client.get(reverse("scrutiny:old_original", args=[file.uid]))
    assert b"".join(original).decode() == MINUTES if original.streaming else original.content


def test_members_and_others_see_nothing_of_files_that_wait(officer, committee, client):
    file = read(officer, committee, MINUTES)
    member = make_user("committee_member", make_team("Members", "desk"), "Member")
    client.force_login(member)
    for name, of in (
        ("old_files", committee.slug),
        ("old_file", file.uid),
        ("old_original", file.uid),
    ):
        assert client.get(reverse(f"scrutiny:{name}", args=[of])).status_code in (403, 404)
    see_as(member)
    assert not OldFile.objects.exists()


@sources
def test_the_two_source_texts_give_nine_recommendations_in_whichever_order_they_come(officer):
    for order in (("scrutiny-minutes", "early-inter"), ("early-inter", "scrutiny-minutes")):
        committee = make_committee(
            officer, members=0, name=f"From {order[0]}", since=date(2010, 1, 1)
        )
        files = []
        for start in (*order, order[0]):
            path = next(SOURCES.glob(f"{start}*"))
            file = read(officer, committee, path.read_text(), path.name)
            brought(officer, file)
            files.append(file)
        found = Recommendation.objects.filter(committee=committee)
        assert found.count() == 9 and found.filter(state="agreed").count() == 9
        twice = [one for one in found if one.origins.exclude(file="").count() == 2]
        assert len(twice) == 3
        assert {one.agreed_on for one in found} == {date(2012, 9, 26)}
        assert sorted(found.values_list("number", flat=True)) == list(range(1, 10))
        assert set(found.values_list("theme__title", flat=True)) == {
            "Vision and Aims", "Partners and Communication", "Duplication/Overlap", "Resources",
        }  # fmt: skip
        review = found.first().review
        assert (
            FromFile.objects.filter(file__review=review, practice__isnull=False).count() == 8
            and review.themes.count() == 4
        )
        met = Meeting.objects.get(committee=committee)
        assert met.items.filter(number="224/12", title="Early Intervention Hubs").exists()
        assert PlanEntry.objects.filter(committee=committee).count() == 3
        words = Point.objects.filter(item__meeting=met).values_list("words", flat=True)
        assert any(
            one.startswith("The committee questioned whether there is joint working")
            for one in words
        )
