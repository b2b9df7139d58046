"""Files are scanned for viruses before anybody opens them, where the county has a scanner."""

import re
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
import warnings
from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kith.accounts.viewer import clock, front_door, see_as
from kith.audit.models import Entry
from kith.casework import actions as casework
from kith.casework import measuring_forms
from kith.places import forms as places_forms
from kith.places.importing import importers
from kith.referrals.actions.scanning import SCAN_FILES, scan_soon
from kith.referrals.models import Attachment
from kith.referrals.scanning import scan_waiting
from kith.referrals.views import files
from kith.returns import forms as returns_forms
from kith.typed import clamd
from tests.factories.accounts import make_team, make_user
from tests.factories.casework import make_case, make_staffed_hub
from tests.factories.referrals import make_desk_worker
from tests.referrals.asking import Asker, problems, set_the_scene

pytestmark = pytest.mark.django_db
# The test file that every scanner knows, in two parts so that none finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SRC = Path(__file__).parents[2] / "src" / "kith"
SIGNATURE = "Kith.Test.Eicar:0:0:" + EICAR.hex() + "\n"


class Scanner:
    """A daemon that speaks clamd's language: finds EICAR, or does what it is told instead."""

    def __init__(self):
        self.does, self.seen = "scan", []
        scanner = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self):
                if scanner.does == "hang up":
                    return
                assert self.rfile.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!I", self.rfile.read(4))[0]:
                    content += self.rfile.read(size)
                scanner.seen.append(len(content))
                found = EICAR in content
                answer = b"stream: Eicar-Test FOUND\0" if found else b"stream: OK\0"
                if scanner.does == "too large":
                    answer = b"INSTREAM size limit exceeded. ERROR\0"
                self.wfile.write(answer[:-4] if scanner.does == "break off" else answer)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture(scope="module")
def running():
    scanner = Scanner()
    yield scanner
    scanner.server.shutdown()
    scanner.server.server_close()


@pytest.fixture
def scanner(running, settings):
    running.does, running.seen = "scan", []
    settings.KITH_CLAMD = running.address
    return running


@pytest.fixture
def asker():
    set_the_scene()
    return Asker().begin()


def add(asker, content=b"a letter", name="letter.txt"):
    return asker.post("files/add/", {"file": SimpleUploadedFile(name, content)})


def the_file():
    see_as(front_door())
    return Attachment.objects.get()


def opened(file, by):
    asker = Asker(by)
    return asker.client.get(f"/requests/sent/{file.referral.reference}/files/{file.pk}/")


def sent(asker):
    asker.fill().send()
    return the_file()


@pytest.fixture
def nobody_listens(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.KITH_CLAMD = f"127.0.0.1:{free.getsockname()[1]}"
        yield settings.KITH_CLAMD


def test_a_file_with_a_virus_is_refused_where_it_is_added_and_a_clean_one_is_taken(asker, scanner):
    (said,) = problems(add(asker, EICAR))
    assert "This file holds a virus, so we have not kept it" in said
    see_as(front_door())
    assert not Attachment.objects.exists()

    add(asker, b"x" * 200_000)

    assert the_file().scan == "clean"
    assert scanner.seen == [len(EICAR), 200_000]


TABLES = {
    "requests": files.FileForm,
    "attendance": measuring_forms.FileForm,
    "official": partial(places_forms.UploadForm, importer=importers["lsoa"]),
    "annex A": returns_forms.WorkbookForm,
}


@pytest.mark.parametrize("read", TABLES.values(), ids=TABLES)
def test_a_table_is_read_only_after_it_was_scanned(scanner, settings, read):
    def sent(content):
        form = read({}, {"file": SimpleUploadedFile("rows.csv", content)})
        form.is_valid()
        return form

    assert "holds a virus, so we have not read it" in sent(EICAR).errors["file"][0]
    clean = sent(b"a,b")
    assert clean.cleaned_data["file"].read() == b"a,b" and scanner.seen == [len(EICAR), 3]
    scanner.does = "hang up"
    assert "Send it again in a few minutes" in sent(b"a,b").errors["file"][0]
    settings.KITH_CLAMD = ""
    assert not sent(EICAR).errors


def test_no_room_takes_a_file_past_the_scanner():
    asked = {
        path.relative_to(SRC).as_posix()
        for path in SRC.rglob("*.py")
        if re.search(r"forms\.FileField\(|(?<!Scanned)FilesField\(", path.read_text())
    }
    # The fields themselves; and files that are kept, whose actions take a first look at them.
    assert asked == {"ui/fields.py", "referrals/forms.py", "casework/forms.py"}


def test_a_file_waits_while_the_scanner_is_away_and_can_then_be_opened(
    asker, nobody_listens, settings, running, caplog
):
    add(asker)
    file, worker = sent(asker), make_desk_worker()
    assert file.scan == "waiting"
    refused = opened(file, worker)
    assert refused.status_code == 403
    assert "has not been scanned for viruses yet" in refused.content.decode()
    page = Asker(worker).client.get(f"/requests/desk/{file.referral.reference}/").content.decode()
    assert "Waiting to be scanned for viruses" in page and str(file.pk) not in page
    scan_waiting()
    assert the_file().scan == "waiting"
    assert "letter" not in caplog.text

    running.does, settings.KITH_CLAMD = "scan", running.address
    scan_waiting()

    assert the_file().scan == "clean"
    assert opened(file, worker).content == b"a letter"


def test_a_virus_that_is_found_later_is_thrown_away_and_said(asker, scanner, settings):
    settings.KITH_CLAMD = ""
    add(asker, b"a " + EICAR)
    file, worker = sent(asker), make_desk_worker()
    # Without a scanner it can be opened, and the page says what was not done.
    page = Asker(worker).client.get(f"/requests/desk/{file.referral.reference}/").content.decode()
    assert file.scan == "none" and "not scanned for viruses" in page
    assert opened(file, worker).status_code == 200

    settings.KITH_CLAMD = scanner.address
    assert opened(file, worker).status_code == 403, "it came before there was a scanner"
    scan_waiting()

    file = the_file()
    assert (file.scan, bytes(file.content)) == ("virus", b"")
    assert "held a virus" in opened(file, worker).content.decode()
    see_as(make_user("dpo", make_team("County", "desk")))
    assert Entry.objects.filter(what="attachment.virus_found").count() == 1


def test_the_files_of_notes_are_scanned_as_those_of_requests_are(nobody_listens, settings, running):
    hub = make_staffed_hub()
    case, said = make_case(hub, worker=hub.worker), {"by": hub.worker, "at": timezone.now()}
    see_as(hub.worker)
    note = casework.add_note(
        case=case, happened_at=said["at"], words="x", files=[("a.txt", b"a " + EICAR)], **said
    )
    assert note.files.get().scan == "waiting"

    running.does, settings.KITH_CLAMD = "scan", running.address
    scan_waiting()

    see_as(hub.worker)
    file = note.files.get()
    assert (file.scan, bytes(file.content)) == ("virus", b"")


@pytest.mark.parametrize("does", ["hang up", "break off", "too large"])
def test_no_clear_answer_is_no_verdict(asker, scanner, does):
    scanner.does = does

    add(asker)

    assert the_file().scan == "waiting"
    scan_waiting()
    assert the_file().scan == "waiting"
    scanner.does = "scan"
    scan_waiting()
    assert the_file().scan == "clean"


def test_a_scanner_that_does_not_answer_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(clamd.NotReachable, match=r"^clamd cannot be reached \(TimeoutError\)$"):
            clamd.virus_in(b"x" * 100, daemon=address, seconds=0.1)
    assert time.monotonic() - began < 2
    for nonsense in ("/no/such/socket", "127.0.0.1:port", "127.0.0.1:99999"):
        with pytest.raises(clamd.NotReachable):
            clamd.virus_in(b"x", daemon=nonsense, seconds=0.1)


def test_the_clock_asks_for_a_scan_only_when_a_file_waits_for_one(asker, scanner, at, settings):
    from procrastinate.contrib.django.models import ProcrastinateJob

    def queued():
        return ProcrastinateJob.objects.filter(args__name=SCAN_FILES).count()

    see_as(clock())
    scan_soon(by=clock(), at=at)
    scanner.does = "hang up"
    add(asker)
    assert queued() == 0

    see_as(clock())
    scan_soon(by=clock(), at=at)

    assert queued() == 1


def _answers(daemon, until):
    """Wait for a daemon that is starting: its socket is there before anybody listens at it."""
    while True:
        try:
            return clamd.virus_in(b"", daemon=daemon, seconds=5)
        except clamd.NotReachable:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def test_clamav_itself_finds_a_virus(tmp_path):
    if not shutil.which("clamd"):
        warnings.warn("clamd is not installed: ClamAV itself is NOT tried", stacklevel=1)
        pytest.skip("clamd is not installed")
    (tmp_path / "signatures").mkdir()
    (tmp_path / "signatures" / "own.ndb").write_text(SIGNATURE)
    daemon = tmp_path / "clamd.sock"
    configuration = tmp_path / "clamd.conf"
    configuration.write_text(
        f"LocalSocket {daemon}\nDatabaseDirectory {tmp_path}/signatures\nForeground yes\n"
        "OfficialDatabaseOnly no\nSelfCheck 0\nStreamMaxLength 1M\n"
    )
    process = subprocess.Popen(
        ["clamd", "--config-file", configuration],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _answers(str(daemon), until=time.monotonic() + 60)
        scanned = [
            clamd.virus_in(content, daemon=str(daemon), seconds=5)
            for content in (b"a letter", EICAR, b"")
        ]
        with pytest.raises(clamd.NotScanned, match="size limit exceeded"):
            clamd.virus_in(b"x" * 3_000_000, daemon=str(daemon), seconds=5)
    finally:
        process.kill()
        process.wait()

    assert scanned == ["", "Kith.Test.Eicar.UNOFFICIAL", ""]
