"""ClamAV's daemon, which says whether a file holds a virus: the INSTREAM command of clamd(8)."""

import contextlib
import socket
import struct
import time

PORT, CHUNK, LONGEST_ANSWER = 3310, 64 * 1024, 4096


class NotScanned(Exception):
    """The daemon gave no verdict. The message says why; it holds nothing of the file."""


class NotReachable(NotScanned):
    """The daemon is not there, does not answer, or broke off."""


def virus_in(content: bytes, *, daemon: str, seconds: float) -> str:
    """Return the name of the virus that a file holds, or "" for none. Raises NotScanned.

    `daemon` is host:port or the path of a socket. All of it takes `seconds` at most.
    """
    until = time.monotonic() + seconds
    try:
        with _connected(daemon, seconds) as line:
            # A daemon that has read enough may answer and close before it was sent everything.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), CHUNK):
                    chunk = content[start : start + CHUNK]
                    line.settimeout(max(0.01, until - time.monotonic()))
                    line.sendall(struct.pack("!I", len(chunk)) + chunk)
                line.sendall(struct.pack("!I", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
                line.settimeout(max(0.01, until - time.monotonic()))
                part = line.recv(LONGEST_ANSWER)
                if not part:
                    break
                answer += part
    except (OSError, ValueError, OverflowError) as error:
        raise NotReachable(f"clamd cannot be reached ({type(error).__name__})") from None
    return _verdict(answer)


def _connected(daemon: str, seconds: float) -> socket.socket:
    if daemon.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(min(seconds, 2))
        try:
            line.connect(daemon)
        except OSError:
            line.close()
            raise
        return line
    host, colon, port = daemon.rpartition(":")
    address = (host.strip("[]"), int(port)) if colon else (daemon, PORT)
    return socket.create_connection(address, timeout=min(seconds, 2))


def _verdict(answer: bytes) -> str:
    """Read `stream: OK` or `stream: Win.Test.EICAR_HDB-1 FOUND`; anything else is no verdict."""
    if not answer.endswith(b"\0"):
        raise NotReachable("clamd broke off its answer")
    said = answer[:-1].decode("utf-8", "replace").removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    # Such as "INSTREAM size limit exceeded. ERROR".
    raise NotScanned(f"clamd could not scan a file: {said[:100]}")
