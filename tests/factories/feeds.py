"""Feeds of other directories, for tests: a real web server that gives what a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Callable[[BaseHTTPRequestHandler, str, dict[str, list[str]]], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve on loopback, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            try:
                answer(self, parts.path, parse_qs(parts.query))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *said: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def give(handler: BaseHTTPRequestHandler, content: Any, status: int = 200, **headers: str) -> None:
    """Answer with JSON, or with bytes as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def feed_of(records: list[Any], *, a_page: int = 2) -> Answer:
    """Answer as a feed that lists services in short, and tells all of each at its own address."""

    def answer(handler: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]]) -> None:
        if path == "/services":
            number = int(query["page"][0])
            here = records[(number - 1) * a_page : number * a_page]
            short = [
                {name: one[name] for name in one if name in ("id", "name", "organization")}
                if isinstance(one, dict)
                else one
                for one in here
            ]
            pages = -(-len(records) // a_page)
            give(
                handler,
                {
                    "total_items": len(records), "total_pages": pages, "page_number": number,
                    "size": len(here), "first_page": number == 1, "last_page": number >= pages,
                    "empty": not here, "contents": short,
                },
            )  # fmt: skip
            return
        found = [
            one for one in records if isinstance(one, dict) and path == f"/services/{one.get('id')}"
        ]
        give(handler, found[0] if found else {}, 200 if found else 404)

    return answer


def a_record(key: str = "s1", **changes: Any) -> dict[str, Any]:
    """Return a service as another directory tells it."""
    return {
        "id": key,
        "name": f"Stay and play {key}",
        "description": "Toys, songs and tea.",
        "status": "active",
        "url": "https://warden.example/play",
        "email": "play@warden.example",
        "minimum_age": 0,
        "maximum_age": 4,
        "assured_date": "2026-06-01",
        "organization": {"id": "o1", "name": "Warden Families", "description": "Neighbours."},
        "phones": [{"id": "p1", "number": "01632 960 111"}],
        "service_at_locations": [
            {
                "id": f"at-{key}",
                "location": {
                    "id": "l1",
                    "location_type": "physical",
                    "name": "Warden Hall",
                    "latitude": 52.2,
                    "longitude": -1.5,
                    "addresses": [
                        {
                            "address_1": "1 High Street",
                            "city": "Warden",
                            "postal_code": "CV35 9ZZ",
                            "address_type": "physical",
                        }
                    ],
                },
                "schedules": [
                    {"freq": "WEEKLY", "interval": 1, "byday": "TU,TH", "opens_at": "10:00:00",
                     "closes_at": "11:30:00"}
                ],
            }
        ],
        "attributes": [
            {"taxonomy_term": {"id": "t1", "name": "Parenting support", "taxonomy": "Warden kinds"}}
        ],
        **changes,
    }  # fmt: skip
