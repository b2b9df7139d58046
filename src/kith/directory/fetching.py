"""Reading an address outside the house, as one that may be meant badly.

Whoever answers may send us elsewhere, never end, or unpack to more than we can hold; and a name may
stand for an address within our own network. So the addresses of a name are looked at before any is
called, it is one of these that is called and no other, and all has an end: bytes, seconds, hops.
"""

import contextlib
import http.client
import ipaddress
import json
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings

PORTS = (443, 8443)
SECONDS_TO_CALL = 10
MOST_HOPS = 3
CHUNK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
WORLD = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given to anybody yet


class NotRead(Exception):
    """An address could not be read. The message says why, for the person who gave it."""


class Forbidden(NotRead):
    """An address that may not be called."""


@dataclass(frozen=True)
class Limits:
    """Where reading ends, whatever is still to come."""

    seconds_an_answer: float = 30
    bytes_an_answer: int = 16 * 1024 * 1024
    seconds: float = 3600
    bytes: int = 400 * 1024 * 1024


@dataclass(frozen=True)
class Whither:
    """An address, taken apart: and what it is that may be called there."""

    scheme: str
    host: str
    port: int
    path: str


class Reader:
    """Reads addresses one after the other, within limits for each and for all of them."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._until = time.monotonic() + self.limits.seconds
        self._left = self.limits.bytes
        self._line: http.client.HTTPConnection | None = None
        self._called: tuple[str, str, int] | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *error: object) -> None:
        self._hang_up()

    def json(self, address: str) -> Any:
        """Return what stands at an address, read as JSON. Raises NotRead."""
        content = self.read(address)
        try:
            return json.loads(content, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise NotRead("What was answered is not JSON.") from None

    def read(self, address: str) -> bytes:
        """Return what stands at an address. Raises NotRead."""
        for _ in range(MOST_HOPS + 1):
            answered, content = self._ask(check(address))
            if answered is None:
                return content
            # A step to another place is looked at as the first was.
            address = urljoin(address, answered)
        raise NotRead(f"The address sends on to another more than {MOST_HOPS} times.")

    def _ask(self, whither: Whither) -> tuple[str | None, bytes]:
        """Return where we are sent instead, or None and what was answered."""
        again = self._called == (whither.scheme, whither.host, whither.port)
        try:
            return self._ask_once(whither)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self._hang_up()
            if not again:
                raise NotRead("The other side hung up.") from None
        # A line kept open may have been closed meanwhile.
        try:
            return self._ask_once(whither)
        except OSError as error:
            raise _not_read(error) from None

    def _ask_once(self, whither: Whither) -> tuple[str | None, bytes]:
        seconds = min(self.limits.seconds_an_answer, self._until - time.monotonic())
        if seconds <= 0:
            raise NotRead("Reading it takes too long; we have stopped.")
        try:
            with self._bell(whither, seconds) as line:
                line.request(
                    "GET",
                    whither.path,
                    headers={"Accept": "application/json", "User-Agent": "Kith"},
                )
                answer = line.getresponse()
                if answer.status in REDIRECTS:
                    self._hang_up()
                    return answer.getheader("Location") or "", b""
                if answer.status != 200:
                    self._hang_up()
                    raise NotRead(f"The other side answered {answer.status}.")
                return None, self._content(answer)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            raise
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            self._hang_up()
            raise _not_read(error) from None
        except NotRead:
            self._hang_up()
            raise

    @contextlib.contextmanager
    def _bell(self, whither: Whither, seconds: float) -> Iterator[http.client.HTTPConnection]:
        """Give the line to call by; it is cut when the time is over, however slowly words drip."""
        rung = threading.Event()
        held: list[socket.socket] = []
        cut = threading.Lock()

        def ring() -> None:
            with cut:
                rung.set()
                for each in held:
                    with contextlib.suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)

        bell = threading.Timer(seconds, ring)
        bell.daemon = True
        bell.start()
        try:
            line = self._open(whither, held, min(SECONDS_TO_CALL, seconds))
            yield line
            if rung.is_set():
                raise NotRead("The answer was cut off.")
        except Exception as error:
            if rung.is_set() and not isinstance(error, Forbidden):
                self._hang_up()
                raise NotRead("The other side answers too slowly; we have stopped.") from None
            raise
        finally:
            bell.cancel()
            with cut:
                for each in held:
                    each.close()
                held.clear()

    def _open(
        self, whither: Whither, held: list[socket.socket], seconds: float
    ) -> http.client.HTTPConnection:
        called = (whither.scheme, whither.host, whither.port)
        if self._line is None or self._line.sock is None or self._called != called:
            self._hang_up()
            self._line, self._called = _line_to(whither, seconds), called
            raw = _call(whither, seconds)
            # Another hand on the same line: it can be cut while the first waits in the middle.
            held.append(raw.dup())
            self._line.sock = (
                ssl.create_default_context().wrap_socket(raw, server_hostname=whither.host)
                if whither.scheme == "https"
                else raw
            )
        else:
            held.append(socket.socket(fileno=os.dup(self._line.sock.fileno())))
        self._line.sock.settimeout(seconds)
        return self._line

    def _content(self, answer: http.client.HTTPResponse) -> bytes:
        most = min(self.limits.bytes_an_answer, self._left)
        packed = (answer.getheader("Content-Encoding") or "identity").strip().lower()
        if packed not in ("identity", "gzip"):
            raise NotRead("The answer is packed in a way that we do not read.")
        unpack = zlib.decompressobj(31) if packed == "gzip" else None
        parts: list[bytes] = []
        size = 0
        while part := answer.read(CHUNK):
            # No more is unpacked than may still come: a small answer can hold a very large one.
            part = unpack.decompress(part, most - size + 1) if unpack else part
            size += len(part)
            self._left -= len(part)
            if size > most:
                raise NotRead("The answer is too large; we have stopped.")
            parts.append(part)
        return b"".join(parts)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = self._called = None


def check(address: str) -> Whither:
    """Return an address taken apart, if it is one that may be called. Raises Forbidden."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise Forbidden("This is no address that can be read.") from None
    schemes = ("https", "http") if settings.KITH_FEEDS_ON_LOOPBACK else ("https",)
    if parts.scheme not in schemes:
        raise Forbidden("The address must begin with https://.")
    if not host or parts.username is not None or parts.password is not None:
        raise Forbidden("The address must name a website, and hold no password.")
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in PORTS and not settings.KITH_FEEDS_ON_LOOPBACK:
        raise Forbidden("The address must not name a port.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in path):
        raise Forbidden("The address holds letters that an address cannot hold.")
    return Whither(parts.scheme, host, port, path)


def addresses_of(host: str, port: int) -> list[str]:
    """Return the numbers that a name stands for, if every one may be called.

    One that may not be is enough to call none: the name could stand for another next time.
    Raises NotRead or Forbidden.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotRead(f"There is no website called {host[:100]}.") from None
    numbers = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not numbers or not all(_may_be_called(number) for number in numbers):
        raise Forbidden("The address leads into a private network, which is not read.")
    return numbers


def _may_be_called(number: str) -> bool:
    address = ipaddress.ip_address(number.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        within = address.ipv4_mapped
        if within is None:
            if settings.KITH_FEEDS_ON_LOOPBACK and address.is_loopback:
                return True
            # An address of the old kind can be told within some of the new.
            carried = address.sixtofour or address.teredo
            return address in WORLD and address.is_global and not carried
        address = within
    if settings.KITH_FEEDS_ON_LOOPBACK and address.is_loopback:
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _call(whither: Whither, seconds: float) -> socket.socket:
    refused: OSError | None = None
    for number in addresses_of(whither.host, whither.port)[:4]:
        try:
            return socket.create_connection((number, whither.port), timeout=seconds)
        except OSError as error:
            refused = error
    raise _not_read(refused or OSError())


def _line_to(whither: Whither, seconds: float) -> http.client.HTTPConnection:
    """Return a line on which names are asked for; it calls nobody by itself."""
    kind = http.client.HTTPConnection if whither.scheme == "http" else _Kept
    line = kind(whither.host, whither.port, timeout=seconds)
    line.auto_open = 0
    return line


class _Kept(http.client.HTTPConnection):
    """A line that names its host as one of https does."""

    default_port = 443


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _not_read(error: BaseException) -> NotRead:
    if isinstance(error, NotRead):
        return error
    match error:
        case ssl.SSLCertVerificationError():
            return NotRead("The other side’s certificate is not right, so it may be somebody else.")
        case TimeoutError():
            return NotRead("The other side answers too slowly; we have stopped.")
        case zlib.error():
            return NotRead("The answer is packed in a way that we cannot read.")
        case http.client.HTTPException() | ValueError():
            return NotRead("What was answered is not a web page’s answer.")
        case _:
            return NotRead("The other side could not be reached.")
