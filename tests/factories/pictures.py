"""Small photographs, as telephones send them: with where, when and by what they were taken."""

import struct
import zlib

_TABLE = bytes.fromhex(
    "ffdb004300030202020202030202020303030304060404040404080606050609080a0a090809090a0c0f0c0a0b0e0b"
    "09090d110d0e0f10101110 0a0c12131210130f101010".replace(" ", "")
)
_FRAME = bytes.fromhex("ffc9000b080001000101011100ffcc000600101005")
_SCAN = bytes.fromhex("ffda0008010100003f00d2cf20")
PLACE = b"GPS 51.752 N 1.258 W"


def _part(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def make_jpeg(*, up: int = 6) -> bytes:
    """Make a photograph with its place in three parts, and a film behind it."""
    first = struct.pack("<HHIHH", 0x0112, 3, 1, up, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + first + PLACE
    return (
        b"\xff\xd8"
        + _part(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + _part(0xE1, exif)
        + _part(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + PLACE)
        + _part(0xFE, PLACE)
        + _TABLE
        + _FRAME
        + _SCAN
        + b"\xff\xd9"
        + b"a film, "
        + PLACE
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def make_png() -> bytes:
    """Make a picture of one dot, with its place in words."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + _chunk(b"eXIf", b"II*\0" + PLACE)
        + _chunk(b"tEXt", b"Comment\0" + PLACE)
        + _chunk(b"IDAT", zlib.compress(b"\0\xff"))
        + _chunk(b"IEND", b"")
        + PLACE
    )
