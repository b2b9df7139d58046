"""Reading addresses outside the house, some of which are meant badly."""

import gzip
import socket
import time

import pytest

from kith.directory import fetching
from kith.directory.fetching import Forbidden, Limits, NotRead, Reader
from tests.factories.feeds import give, serving


@pytest.fixture
def loopback(settings):
    settings.KITH_FEEDS_ON_LOOPBACK = True


def answering(address, *, ipv6=False):
    """Have every name stand for an address."""

    def resolve(host, port, *args, **named):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in address]

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        "http://warden.example/feed", "ftp://warden.example", "file:///etc/passwd", "gopher://warden.example",
        "https://", "https://me:word@warden.example", "https://warden.example:22", "https://warden.example:99999",
        "https://warden.example/a b", "https://warden.example/\r\nX: y", "//warden.example", "", "https://[::1",
    ],
)  # fmt: skip
def test_only_addresses_of_secure_websites_are_called(address):
    with pytest.raises(Forbidden), Reader() as reader:
        reader.json(address)
    assert fetching.check("https://warden.example/oruk/v3?x=1").path == "/oruk/v3?x=1"


@pytest.mark.parametrize(
    "numbers",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["192.168.0.9"], ["172.16.0.1"], ["169.254.169.254"], ["100.64.0.1"],
        ["0.0.0.0"], ["224.0.0.1"], ["255.255.255.255"], ["::1"], ["fe80::1%2"], ["fd00::1"], ["::ffff:10.0.0.1"],
        ["2002:7f00:1::"], ["64:ff9b::7f00:1"], ["8.8.8.8", "10.0.0.1"], [],
    ],
)  # fmt: skip
def test_a_name_that_leads_into_a_private_network_is_not_called(numbers, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answering(numbers))
    with pytest.raises(Forbidden, match="private network"):
        fetching.addresses_of("warden.example", 443)
    monkeypatch.setattr(socket, "getaddrinfo", answering(["8.8.8.8", "2606:4700::1111"]))
    assert fetching.addresses_of("warden.example", 443) == ["8.8.8.8", "2606:4700::1111"]


def test_the_address_that_was_looked_at_is_the_one_called(loopback, monkeypatch):
    asked = []
    real = socket.getaddrinfo

    def changing(host, port, *args, **named):
        if host == "warden.test":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return real(host, port, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with serving(
        lambda handler, path, query: give(handler, {"host": handler.headers["Host"]})
    ) as at:
        port = at.rpartition(":")[2]
        with Reader() as reader:
            found = reader.json(f"http://warden.test:{port}/")
    assert found == {"host": f"warden.test:{port}"}
    assert asked == ["warden.test"]


def test_loopback_is_private_unless_a_test_says_so(settings):
    with serving(lambda handler, path, query: give(handler, [])) as at:
        settings.KITH_FEEDS_ON_LOOPBACK = True
        with Reader() as reader:
            assert reader.json(at) == []
        settings.KITH_FEEDS_ON_LOOPBACK = False
        with pytest.raises(Forbidden):
            fetching.addresses_of("127.0.0.1", 443)


@pytest.mark.parametrize(
    "onward",
    ["http://10.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "http://169.254.169.254/latest", "/again", ""],
)  # fmt: skip
def test_a_redirect_is_looked_at_as_the_first_address_was(loopback, onward):
    def answer(handler, path, query):
        if path == "/once":
            give(handler, b"", 302, Location="/there")
        elif path == "/there":
            give(handler, {"here": True})
        else:
            give(handler, b"", 302, Location=onward)

    with serving(answer) as at, Reader() as reader:
        assert reader.json(f"{at}/once") == {"here": True}
        with pytest.raises(NotRead):
            reader.json(f"{at}/bad")


def test_what_is_too_large_or_unpacks_to_too_much_is_not_read(loopback):
    limits = Limits(bytes_an_answer=100_000, bytes=250_000)

    def answer(handler, path, query):
        match path:
            case "/large":
                give(handler, b"[" + b" " * 200_000 + b"]")
            case "/bomb":
                give(
                    handler, gzip.compress(b"[" + b" " * 5_000_000 + b"]"), Content_Encoding="gzip"
                )
            case "/packed":
                give(handler, gzip.compress(b'{"packed": 1}'), Content_Encoding="gzip")
            case "/odd":
                give(handler, b"x", Content_Encoding="br")
            case _:
                give(handler, b"[" + b" " * 90_000 + b"]")

    with serving(answer) as at:
        with Reader(limits) as reader:
            assert reader.json(f"{at}/packed") == {"packed": 1}
            with pytest.raises(NotRead, match="too large"):
                reader.json(f"{at}/large")
        with Reader(limits) as reader, pytest.raises(NotRead, match="too large"):
            reader.json(f"{at}/bomb")
        with Reader(limits) as reader:
            with pytest.raises(NotRead, match="packed"):
                reader.json(f"{at}/odd")
            assert [reader.json(f"{at}/a"), reader.json(f"{at}/b")] == [[], []]
            with pytest.raises(NotRead, match="too large"):
                reader.json(f"{at}/c")


@pytest.mark.parametrize("part", ["headers", "body"])
def test_who_drips_is_cut_off(loopback, part):
    def answer(handler, path, query):
        if part == "body":
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200:
            handler.wfile.write(bytes([letter]))
            handler.wfile.flush()
            time.sleep(0.05)

    with serving(answer) as at, Reader(Limits(seconds_an_answer=0.4)) as reader:
        begun = time.monotonic()
        with pytest.raises(NotRead, match="too slowly"):
            reader.json(at)
        assert time.monotonic() - begun < 3


def test_all_of_it_has_an_end_in_time(loopback):
    answer = serving(lambda handler, path, query: give(handler, []))
    reader = Reader(Limits(seconds=0))
    with answer as at, reader, pytest.raises(NotRead, match="too long"):
        reader.json(at)


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"", b"[" * 100_000, b'{"a": NaN}', b"\xff\xfe", b"1" * 10_000, b'{"a": 1', b'"\\ud8'],
)  # fmt: skip
def test_what_is_not_json_is_said_to_be_none(loopback, body):
    answer = serving(lambda handler, path, query: give(handler, body))
    with answer as at, Reader() as reader, pytest.raises(NotRead, match="JSON"):
        reader.json(at)


def test_what_is_not_the_web_or_hangs_up_is_said_in_words(loopback):
    def hang_up(handler, path, query):
        handler.close_connection = True
        if path == "/words":
            handler.wfile.write(b"220 mail server\r\n\r\n")

    with serving(hang_up) as at, Reader() as reader:
        for path in ("/", "/words"):
            with pytest.raises(NotRead):
                reader.json(at + path)
    with Reader() as reader, pytest.raises(NotRead, match="could not be reached"):
        reader.json(at)


def test_a_line_that_was_closed_meanwhile_is_opened_again(loopback):
    count = []

    def answer(handler, path, query):
        count.append(path)
        give(handler, len(count))
        handler.close_connection = True  # without saying so

    with serving(answer) as at, Reader() as reader:
        assert [reader.json(f"{at}/1"), reader.json(f"{at}/2"), reader.json(f"{at}/3")] == [1, 2, 3]
