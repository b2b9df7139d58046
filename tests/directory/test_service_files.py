"""Services in a spreadsheet: every row is checked first, said where it is wrong, and brought on a word."""

import csv
import io
from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from kith.accounts.viewer import see_as
from kith.directory import actions, template
from kith.directory.actions import DirectoryRefused, set_up_terms
from kith.directory.actions.filing import KEPT_DAYS
from kith.directory.models import Place, Schedule, Service, ServiceFile, Term
from kith.jobs import running
from kith.typed.tables import Unreadable, safe_cell
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db
TITLES = {column.key: column.title for column in template.COLUMNS}
GOOD = {
    "reference": "A1", "name": "Stay and play", "provider": "Family Friends", "description": "Toys.",
    "kinds": "Parenting support; Activities", "targets": "New parents", "from_months": "0", "to_months": "4",
    "phone": "01632 960 001", "place": "Mill Hall", "address": "1 Mill Lane", "town": "Oxford",
    "postcode": "ox41aa", "weekday": "Tuesday", "opens": "10am", "closes": "11.30am",
    "term_time_only": "yes", "published": "Yes", "free": "yes", "languages": "English; Polish",
}  # fmt: skip


@pytest.fixture
def manager():
    make_places()
    set_up_terms()
    return make_user("hub_manager", make_hub("Banbury").team, "Mia Manager")


def as_csv(*rows, delimiter=",", encoding="utf-8-sig"):
    text = io.StringIO()
    keys = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([TITLES.get(key, key) for key in keys])
    writer.writerows([row.get(key, "") for key in keys] for row in rows)
    return text.getvalue().encode(encoding)


def send(by, content, name="services.csv"):
    return actions.send_table(name=name, content=content, by=by, at=timezone.now())


def bring(file, by, **how):
    see_as(by)
    file = actions.import_table(file=file, by=by, at=timezone.now(), **how)
    running.run(str(file.job_id))
    file.refresh_from_db()
    return file


def test_a_file_is_checked_and_brought_only_when_somebody_says_so(manager, client):
    client.force_login(manager)
    sent = SimpleUploadedFile("services.csv", as_csv(GOOD))
    report = client.post("/directory/files/", {"file": sent})["Location"]
    page = client.get(report).content.decode()
    assert "All rows are well" in page and "Row 2: Stay and play" in page
    assert not Service.objects.exists()
    client.post(f"{report}import/")
    file = ServiceFile.objects.get()
    running.run(str(file.job_id))
    service = Service.objects.get()
    assert (service.from_months, service.to_months, service.free) == (0, 59, True)
    assert {tag.term.name for tag in service.tags.all()} == {
        "Parenting support",
        "Activities",
        "New parents",
    }
    assert (service.published, service.languages) == (True, ["English", "Polish"])
    place, times = Place.objects.get(), Schedule.objects.get()
    assert (place.postcode, place.address, times.at_place.place) == (
        "OX4 1AA",
        "1 Mill Lane",
        place,
    )
    assert (times.weekday, times.term_time_only, f"{times.opens:%H:%M}") == (1, True, "10:00")
    file.refresh_from_db()
    assert (bytes(file.content), file.counts) == (b"", {"new": 1})
    assert "New: 1" in client.get(report).content.decode()
    again = client.post(f"{report}import/", follow=True).content.decode()
    assert "has been imported" in again


def test_the_same_rows_again_change_the_same_services(manager):
    bring(send(manager, as_csv(GOOD)), manager)
    uid = Service.objects.get().uid
    same = send(manager, as_csv(GOOD))
    assert same.counts == {"same": 1}
    bring(same, manager)
    assert (Schedule.objects.count(), Place.objects.count()) == (1, 1)

    few = {key: GOOD[key] for key in ("reference", "name", "provider", "description", "kinds")}
    changed = send(manager, as_csv({**few, "name": "Play", "phone": ""}))
    assert changed.coming == [[2, "Play", "changed", ["Name", "Telephone"]]]
    refused = bring(changed, manager)
    assert refused.problems[0][:2] == [2, "Telephone"], "it is published, and people must reach it"
    changed = send(manager, as_csv({**few, "name": "Play", "reference": str(uid)}))
    assert changed.coming == [[2, "Play", "changed", ["Name"]]]
    bring(changed, manager)
    service = Service.objects.get()
    assert (service.uid, service.name, service.phone) == (uid, "Play", "01632 960 001")
    assert service.tags.filter(term__name="New parents").exists(), "its column was not in the file"

    elsewhere = make_user("hub_manager", make_team("Witney"), "Will")
    assert send(elsewhere, as_csv(GOOD)).counts == {"new": 1}, "another team's own numbers"


@pytest.mark.parametrize(
    ("key", "cell", "said"),
    [
        ("name", "", "Enter the name"), ("kinds", "Parentng support", "There is no “Parentng support” in the list"),
        ("from_months", "baby-ish", "Enter an age"), ("to_months", "-1", "Enter an age"), ("email", "nobody", "Enter an e-mail address"),
        ("url", "javascript:alert(1)", "Enter a web address"), ("postcode", "OX4", ""), ("postcode", "CV35 9ZZ", "We do not know CV35 9ZZ"),
        ("postcode", "", "Enter the postcode"), ("weekday", "Someday", "Enter one of: Monday"), ("opens", "25:00", "Write the time"),
        ("closes", "9am", "It ends before it begins"), ("free", "perhaps", "Enter one of: Yes, No"), ("status", "Closed for now", "Enter why it is closed"),
        ("description", "x" * 30_000, "Shorten this to 2,000"), ("reference", "00000000-0000-4000-8000-000000000000", "no service with this id"),
        ("shown", "Never", "nothing is kept"), ("phone", "", "Enter a telephone number"), ("place", "", "Enter what the place is called"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_row_and_column_and_nothing_comes(manager, key, cell, said):
    file = send(manager, as_csv({**GOOD, "reference": "A0", "name": "Club"}, {**GOOD, key: cell}))
    assert file.bad_rows == 1
    assert {row for row, _, _ in file.problems} == {3}
    assert any(said in what for _, _, what in file.problems), file.problems
    with pytest.raises(DirectoryRefused, match="Mend the rows first"):
        actions.import_table(file=file, by=manager, at=timezone.now())
    assert not Service.objects.exists()
    bring(file, manager, good_rows_only=True)
    assert Service.objects.get().name == "Club"


def test_a_reference_that_stands_twice_is_said_at_the_second(manager):
    file = send(manager, as_csv(GOOD, GOOD))
    assert file.problems == [
        [3, "Reference", "This reference is also in row 2. Each service needs its own."]
    ]


@pytest.mark.parametrize(
    "content",
    [as_csv(GOOD, delimiter=";"), as_csv(GOOD, encoding="utf-16"), as_csv(GOOD, delimiter="\t", encoding="cp1252")],
)  # fmt: skip
def test_files_are_read_as_spreadsheets_save_them(manager, content):
    assert send(manager, content).counts == {"new": 1}


def test_a_filled_template_of_excel_is_read_with_its_times_and_merged_cells(manager, client):
    client.force_login(manager)
    answer = client.get("/directory/files/template/xlsx/")
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book["Services"]
    assert [cell.value.rstrip("*") for cell in sheet[1]] == [
        column.title for column in template.COLUMNS
    ]
    assert book["How to fill it in"].max_row == len(template.COLUMNS) + 1
    assert "Parenting support" in [row[0].value for row in book["Names to choose"].iter_rows()]

    given = {**GOOD, "opens": time(10), "closes": time(11, 30), "to_months": 4, "reference": 7}
    for number, column in enumerate(template.COLUMNS, 1):
        for row in (2, 3):
            value = given.get(column.key)
            sheet.cell(row, number, f"{value}{row}" if column.key == "reference" else value)
    sheet.merge_cells("C2:C3")  # the provider of both stands in the first alone
    content = io.BytesIO()
    book.save(content)
    file = send(manager, content.getvalue(), "services.xlsx")
    assert file.problems == [[3, "Provider", "Enter the provider."]]
    bring(file, manager, good_rows_only=True)
    assert f"{Schedule.objects.get().closes:%H:%M}" == "11:30"

    headings = client.get("/directory/files/template/csv/").content.decode("utf-8-sig")
    assert headings.strip().split(",") == [column.title for column in template.COLUMNS]
    assert client.get("/directory/files/template/doc/").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"), (b"%PDF-1.7", "must be a spreadsheet"), (b"PK\x03\x04broken", "cannot be opened"),
        (b"\xd0\xcf\x11\xe0", "old Excel file"), (b"a,b\n1,2\n", "Missing: “Reference”"), (as_csv(GOOD).splitlines()[0], "no rows"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB or smaller"), (b'Reference,Name\n"x', "Missing"),
        (as_csv({**GOOD, "Reference ": "2"}), "is there twice"),
        (as_csv({**GOOD, "description": "x" * 200_000}), "Line 2 cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_file_is_refused_with_what_to_do(manager, client, content, said):
    with pytest.raises(Unreadable, match=said):
        send(manager, content)
    client.force_login(manager)
    if content:
        answer = client.post("/directory/files/", {"file": SimpleUploadedFile("x.csv", content)})
        assert said in answer.content.decode()
    assert not ServiceFile.objects.exists()


def test_ten_thousand_rows_are_checked_and_one_more_is_refused(
    manager, django_assert_max_num_queries
):
    few = {key: GOOD[key] for key in ("name", "provider", "description", "kinds")}
    rows = [{"reference": str(number), **few} for number in range(10_000)]
    with django_assert_max_num_queries(20):
        file = send(manager, as_csv(*rows))
    assert (file.rows, file.counts, len(file.coming)) == (10_000, {"new": 10_000}, 500)
    with pytest.raises(Unreadable, match="10,000 rows or fewer"):
        send(manager, as_csv(*rows, {"reference": "one more", **few}))


def test_a_formula_comes_in_as_words_and_goes_out_as_none(manager):
    rows = [{**GOOD, "name": safe_cell("=1+1"), "description": "@SUM(A1)"}]
    bring(send(manager, as_csv(*rows)), manager)
    assert (Service.objects.get().name, Service.objects.get().description) == ("=1+1", "@SUM(A1)")


def test_a_hidden_place_gains_no_address_from_a_file(manager):
    hidden = {**GOOD, "shown": "On request"}
    bring(send(manager, as_csv(hidden)), manager)
    place = Place.objects.get()
    assert (place.shown, place.easting) == ("on_request", None)
    bring(send(manager, as_csv({**GOOD, "name": "New name"})), manager)
    place.refresh_from_db()
    assert (place.shown, place.easting) == ("on_request", None)


def test_only_those_who_keep_the_directory_send_files_and_old_ones_are_forgotten(manager):
    worker = make_user("hub_worker", make_team("Witney"))
    with pytest.raises(PermissionDenied):
        send(worker, as_csv(GOOD))
    file = send(manager, as_csv(GOOD))
    with pytest.raises(PermissionDenied):
        actions.import_table(file=file, by=worker, at=timezone.now())
    ServiceFile.objects.update(at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    desk = make_user("county_desk", make_team("County desk", "desk"))
    assert actions.forget_old_tables(by=desk, at=timezone.now()) == 1
    with pytest.raises(DirectoryRefused, match="too old"):
        actions.import_table(file=file, by=manager, at=timezone.now())


def test_what_changed_since_it_was_checked_is_said_and_the_others_come(manager):
    file = send(manager, as_csv(GOOD, {**GOOD, "reference": "A2", "name": "Club", "targets": ""}))
    Term.objects.filter(name="New parents").update(active=False)
    file = bring(file, manager)
    assert Service.objects.get().name == "Club"
    assert file.problems == [
        [2, "For whom above all", "There is no “New parents” in the list. Copy a name from it."]
    ]
    assert file.counts == {"new": 1, "refused": 1}
