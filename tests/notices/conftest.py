"""A real mail server, and a real little server that speaks GOV.UK Notify's language."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from kith.notices.words import Wording

GREETING = Wording(
    key="test.greeting",
    name="A greeting",
    when="In tests.",
    subject="Request ((reference)): hello from ((county))",
    body="Hello ((name)),\n\n((words))\n\nYour request is ((reference)).",
    text="Hello ((name)): ((reference))",
    fields={"reference": "R-2026-000001", "name": "Sam", "words": "We will ring."},
)


class Post:
    """What the mail server was given, and what it answers: `answers` are used up one by one."""

    def __init__(self):
        self.taken, self.answers = [], []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang up":
            server.transport.close()
            return "421 gone"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def mail_server(settings):
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
    controller = Controller(post, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield post
    controller.stop()


@pytest.fixture
def notify(settings):
    """Notify on loopback: keeps what it is given; `answers` are status codes used up one by one."""

    class Notify(BaseHTTPRequestHandler):
        kept, answers = [], []

        def do_GET(self):
            reference = self.path.partition("reference=")[2]
            found = [item for item in self.kept if item["reference"] == reference]
            self._answer(200, {"notifications": found, "links": {}})

        def do_POST(self):
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code = self.answers.pop(0) if self.answers else 201
            if code == 201 or code == "kept, but no word of it":
                self.kept.append({**given, "path": self.path, "id": str(uuid4())})
            if code == "kept, but no word of it":
                self.close_connection = True
                return
            self._answer(code, {"id": self.kept[-1]["id"]} if code == 201 else {"errors": []})

        def _answer(self, code, body):
            text = json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Notify)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.KITH_NOTIFY_KEY = f"kith-{uuid4()}-{uuid4()}"
    settings.KITH_NOTIFY_ADDRESS = f"http://127.0.0.1:{server.server_port}"
    settings.KITH_NOTIFY_TEXT_TEMPLATE = settings.KITH_NOTIFY_LETTER_TEMPLATE = str(uuid4())
    yield Notify
    server.shutdown()
    server.server_close()
