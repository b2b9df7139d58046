"""Reading the words of a PDF that typst made: enough for tests, and no more."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
CHARS = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")
USED = re.compile(
    rb"/(f\d+) [\d.]+ Tf|<([0-9a-fA-F]+)>|\(((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*)\)|(\bBT\b)",
    re.DOTALL,
)


def words_of_paper(pdf: bytes) -> str:
    """Return the words of a PDF, its lines one after the other, with single spaces."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    lines: list[str] = []
    for page in objects.values():
        for content in re.findall(rb"/Contents (\d+) 0 R", page):
            found = re.search(rb"/Resources (\d+) 0 R", page)
            fonts = _fonts(objects, objects[int(found[1])] if found else page)
            lines.append(_text(_stream(objects[int(content)]), fonts))
    return " ".join("\n".join(lines).replace("\u200b", "").split())


def _fonts(objects: dict[int, bytes], used: bytes) -> dict[bytes, dict[int, str]]:
    """Return the letters of each font, by the name that one page has for it."""
    fonts = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", used):
        if found := re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)]):
            fonts[name] = _letters(_stream(objects[int(found[1])]))
    return fonts


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found, body[:80]
    # The end of line before `endstream` is told from the data's last byte by what unpacks them.
    return zlib.decompressobj().decompress(found[1]) if b"FlateDecode" in body else found[1]


def _letters(cmap: bytes) -> dict[int, str]:
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in CHARS.findall(cmap)
    }


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    font: dict[int, str] = {}
    said = ""
    for name, code, raw, begins in USED.findall(content):
        if name:
            font = fonts.get(name, {})
        elif begins:
            said += "\n"
        else:
            data = bytes.fromhex(code.decode()) if code else _unescaped(raw)
            codes = [data[at] << 8 | data[at + 1] for at in range(0, len(data) - 1, 2)]
            said += "".join(font.get(one, "") for one in codes)
    return said


def _unescaped(raw: bytes) -> bytes:
    special = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return re.sub(
        rb"\\([0-7]{1,3}|.)",
        lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else special.get(m[1], m[1]),
        raw,
        flags=re.DOTALL,
    )
