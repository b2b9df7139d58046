"""Photographs without what a camera writes beside the picture: the place, the device, the hour.

The picture itself is not touched. Of a JPEG only what is needed to draw it stays, with which way is up;
what telephones put behind the picture (a short film, with sound and place) goes too.
"""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"
# What a PNG needs to be drawn. Everything else is words, times and places.
_DRAWN = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"}
_ORIENTATION = 0x0112
# Parts of a JPEG that have no length of their own.
_BARE = {0x01, *range(0xD0, 0xD9)}


class NotAPicture(ValueError):
    """The file cannot be read as a photograph."""

    def __init__(self) -> None:
        super().__init__(
            "We cannot read this photograph. Open it, save it again as JPEG or PNG, and choose that file."
        )


def without_metadata(content: bytes) -> bytes:
    """Return a JPEG or PNG with nothing but the picture. Raises NotAPicture."""
    try:
        if content.startswith(PNG):
            return _png(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
    except (struct.error, IndexError):
        pass
    raise NotAPicture


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    kinds: list[bytes] = []
    while kinds[-1:] != [b"IEND"]:
        (length,) = struct.unpack_from(">I", content, at)
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (sum_,) = struct.unpack_from(">I", content, at + 8 + length)
        if len(body) != length or zlib.crc32(kind + body) != sum_:
            raise NotAPicture
        if kind in _DRAWN:
            kept.append(content[at : at + 12 + length])
        kinds.append(kind)
        at += 12 + length
    if kinds[0] != b"IHDR" or b"IDAT" not in kinds:
        raise NotAPicture
    return b"".join(kept)


def _jpeg(content: bytes) -> bytes:
    kept, at, up, drawn = [content[:2]], 2, 1, False
    while True:
        if content[at] != 0xFF:
            raise NotAPicture
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == 0xD9:
            break
        if marker in _BARE:
            kept.append(content[at : at + 2])
            at += 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        part = content[at : at + 2 + length]
        if length < 2 or len(part) != 2 + length:
            raise NotAPicture
        at += 2 + length
        if marker == 0xE1:
            up = _way_up(part[4:]) or up
        # JFIF and Adobe's say how colours are meant; all other applications' parts, and comments, go.
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE0, 0xEE):
            kept.append(part if marker != 0xE0 or part[4:9] == b"JFIF\0" else b"")
        if marker == 0xDA:
            drawn = True
            end = _end_of_scan(content, at)
            kept.append(content[at:end])
            at = end
    if not drawn:
        raise NotAPicture
    if up != 1:
        kept.insert(1, _only_way_up(up))
    return b"".join(kept) + b"\xff\xd9"


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the next part of a JPEG begins, after the picture's own bytes."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise NotAPicture
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _way_up(exif: bytes) -> int:
    """Return which way is up, as a camera wrote it: 1 to 8; nought where it did not."""
    if not exif.startswith(b"Exif\0\0"):
        return 0
    body = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(body[:2])
    if order is None:
        return 0
    try:
        (start,) = struct.unpack_from(f"{order}I", body, 4)
        (many,) = struct.unpack_from(f"{order}H", body, start)
        for number in range(min(many, 200)):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", body, start + 2 + 12 * number)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _only_way_up(up: int) -> bytes:
    body = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, up, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
