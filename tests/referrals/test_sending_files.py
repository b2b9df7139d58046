"""A partner sends a file: good rows go in once, bad rows come back with reasons."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kith.accounts.viewer import clock, front_door, see_as, seeing_as
from kith.jobs import running
from kith.notices.models import Notice
from kith.referrals import actions, queries
from kith.referrals.actions import filing
from kith.referrals.models import FileRow, Referral, RequestFile
from tests.factories.accounts import make_team, make_user
from tests.factories.referrals import make_desk_team, make_desk_worker, make_needs, make_sender
from tests.factories.sheets import GOOD, as_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(db):
    make_needs()
    make_desk_team()
    sender = make_sender()
    see_as(sender)
    return sender


def numbered(number, **changes):
    return GOOD | {"Your number": f"S-{number}"} | changes


def sent(rows, sender, at):
    """Send a file and let the worker read it."""
    file = filing.send_file(name="autumn.csv", content=as_csv(rows), by=sender, at=at)
    running.run(str(file.job_id))
    file.refresh_from_db()
    file.job.refresh_from_db()
    return file


def outcomes(file):
    return {row.number: row.outcome for row in FileRow.objects.filter(file=file)}


def test_good_rows_go_in_and_bad_rows_come_back_with_reasons(sender, at):
    file = sent([numbered(1), numbered(2, Worry="", Needs="magic"), numbered(3)], sender, at)

    assert outcomes(file) == {2: "sent", 3: "refused", 4: "sent"}
    assert file.job.state == "done"
    assert file.job.result["said"] == "3 rows read, 1 not sent."
    refused = FileRow.objects.get(file=file, number=3)
    assert [where for where, _ in refused.problems] == ["Worry", "Needs"]
    assert {r.sender_reference for r in queries.sent_by(sender)} == {"S-1", "S-3"}
    assert {r.channel for r in queries.sent_by(sender)} == {"file"}
    # What was read is not kept, but for the row that goes back.
    assert bytes(file.content) == b""
    assert refused.cells["child_1_given_names"] == "Ada"
    assert not FileRow.objects.exclude(number=3).exclude(cells={}).exists()


def test_a_row_hears_of_everything_that_is_wrong_with_it_at_once(sender, at):
    date = "Child 1 date of birth"
    file = sent(
        [
            numbered(1, **{date: "spring", "Worry": "", "Postcode": "Banbury"}),
            numbered(1, **{date: "1/1/1950", "Needs": "magic"}),
            numbered(2, **{"Family agrees": "perhaps", "Who agreed": "", "Worry": ""}),
        ],
        sender,
        at,
    )

    wrong = {
        row.number: [where for where, _ in row.problems]
        for row in FileRow.objects.filter(file=file)
    }

    assert wrong[2] == [date, "Postcode", "Worry"]
    assert wrong[3] == ["Your number", date, "Needs"]
    assert wrong[4] == ["Worry", "Family agrees"]


def test_the_same_file_again_changes_what_is_undecided_and_doubles_nothing(sender, at):
    sent([numbered(1), numbered(2), numbered(3)], sender, at)
    desk = make_desk_worker()
    with seeing_as(desk):
        decided = Referral.objects.get(sender_reference="S-3")
        actions.no_further_action(referral=decided, reason="No", words="", by=desk, at=at)

    again = sent(
        [numbered(1), numbered(2, Worry="It is worse."), numbered(3, Worry="Worse too.")],
        sender,
        at,
    )

    assert outcomes(again) == {2: "same", 3: "changed", 4: "decided"}
    worries = {r.sender_reference: r.worry for r in queries.sent_by(sender)}
    assert worries == {"S-1": GOOD["Worry"], "S-2": "It is worse.", "S-3": GOOD["Worry"]}


def test_a_file_is_answered_by_its_report_and_not_by_a_letter_for_each_row(sender, at):
    sent([numbered(1), numbered(2)], sender, at)

    see_as(front_door())
    assert Referral.objects.count() == 2
    assert not Notice.objects.exists()


def test_another_partners_number_is_another_number(sender, at):
    sent([numbered(1)], sender, at)
    other = make_sender("Hill School")
    see_as(other)

    file = sent([numbered(1)], other, at)

    assert outcomes(file) == {2: "sent"}
    see_as(front_door())
    assert Referral.objects.count() == 2


def test_a_file_belongs_to_the_partner_that_sent_it(sender, at):
    file = sent([numbered(1, Worry="")], sender, at)
    colleague = make_user("referrer", file.team)
    other = make_sender("Hill School")

    assert list(queries.request_files(colleague)) == [file]
    assert not queries.request_files(other).exists()
    assert not queries.file_rows(other, file).exists()
    see_as(other)
    assert not RequestFile.objects.exists()  # the third wall
    assert not FileRow.objects.exists()
    with pytest.raises(PermissionDenied, match="partner organisations"):
        worker = make_user("hub_worker", make_team("Witney"))
        filing.send_file(name="x.csv", content=as_csv([GOOD]), by=worker, at=at)


def test_what_stood_in_refused_rows_is_thrown_away_after_thirty_days(sender, at):
    file = sent([numbered(1, Worry="")], sender, at)

    see_as(clock())
    assert filing.clear_old_rows(by=clock(), at=at + timedelta(days=29)) == 0
    assert filing.clear_old_rows(by=clock(), at=at + timedelta(days=31)) == 1

    see_as(sender)
    row = FileRow.objects.get(file=file)
    assert (row.cells, row.problems[0][0]) == ({}, "Worry")
    with pytest.raises(PermissionDenied):
        filing.clear_old_rows(by=sender, at=at)


def test_a_file_is_sent_and_followed_on_its_pages(sender, at, client):
    client.force_login(sender)
    rows = [numbered(1), numbered(2, Worry="", Address='=HYPERLINK("http://x")')]
    upload = SimpleUploadedFile("autumn.csv", as_csv(rows))

    answer = client.post(reverse("referrals:files"), {"file": upload})
    page = answer.headers["Location"]
    see_as(sender)
    file = RequestFile.objects.get()
    waiting = client.get(page).content.decode()
    running.run(str(file.job_id))
    done = client.get(page).content.decode()
    back = client.get(reverse("referrals:file_not_sent", args=[file.pk]))

    assert "Waiting to start" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "Write what you are worried about" in done
    assert "S-2" not in done
    (line,) = csv.DictReader(io.StringIO(back.content.decode("utf-8-sig")))
    assert line["What to mend"] == "Worry: Write what you are worried about"
    assert line["Address"] == '\'=HYPERLINK("http://x")'
    # Mended, it goes in.
    line["Worry"] = "Often late."
    again = SimpleUploadedFile("mended.csv", as_csv([line]))
    client.post(reverse("referrals:files"), {"file": again})
    see_as(sender)
    running.run(str(RequestFile.objects.exclude(pk=file.pk).get().job_id))
    assert queries.sent_by(sender).filter(sender_reference="S-2").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The file is empty"), (b"a,b\n1,2", "Missing: “Your number”"), (None, "Choose a file")],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_field_and_kept_nowhere(
    sender, client, content, said
):
    client.force_login(sender)
    given = {} if content is None else {"file": SimpleUploadedFile("x.csv", content)}

    answer = client.post(reverse("referrals:files"), given)

    assert answer.status_code == 200
    assert said in answer.content.decode()
    see_as(sender)
    assert not RequestFile.objects.exists()


def test_only_partners_have_these_pages(client, sender, at):
    file = sent([numbered(1)], sender, at)
    addresses = [
        reverse("referrals:files"),
        reverse("referrals:file", args=[file.pk]),
        reverse("referrals:file_not_sent", args=[file.pk]),
    ]
    assert client.get(addresses[0]).status_code == 302
    client.force_login(make_user("hub_worker", make_team("Witney")))

    assert [client.get(address).status_code for address in addresses] == [403, 404, 404]


def test_the_template_can_be_filled_in_and_sent(client, sender, at):
    client.force_login(sender)
    text = client.get(reverse("referrals:file_template")).content.decode("utf-8-sig")
    heading = next(csv.reader(io.StringIO(text)))
    row = io.StringIO()
    csv.DictWriter(row, heading, restval="").writerow(GOOD)

    see_as(sender)
    file = filing.send_file(
        name="t.csv", content=(text + row.getvalue()).encode(), by=sender, at=at
    )
    running.run(str(file.job_id))

    assert outcomes(file) == {2: "sent"}
