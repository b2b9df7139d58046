"""Photographs without what a camera writes beside the picture."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.typed.pictures import NotAPicture, without_metadata
from tests.factories.pictures import PLACE, make_jpeg, make_png


def test_a_photograph_keeps_its_picture_and_which_way_is_up_and_nothing_else():
    sent = make_jpeg(up=6)

    kept = without_metadata(sent)

    assert PLACE in sent and PLACE not in kept
    assert b"film" not in kept and kept.endswith(b"\xd2\xcf\x20\xff\xd9")
    assert kept.startswith(b"\xff\xd8\xff\xe1") and b"JFIF" in kept
    exif = kept[kept.index(b"Exif\0\0") :]
    assert struct.unpack_from(">HHHIH", exif, 14)[1] == 0x0112
    assert struct.unpack_from(">HHIH", exif, 16) == (0x0112, 3, 1, 6)
    assert without_metadata(kept) == kept
    assert b"Exif" not in without_metadata(make_jpeg(up=1))


def test_a_drawing_keeps_its_picture_and_no_words():
    sent = make_png()

    kept = without_metadata(sent)

    assert PLACE in sent and PLACE not in kept
    assert [kind in kept for kind in (b"IHDR", b"IDAT", b"IEND", b"eXIf", b"tEXt")] == [
        *(True, True, True),
        *(False, False),
    ]


@pytest.mark.parametrize("make", [make_jpeg, make_png])
def test_a_photograph_that_was_cut_short_is_refused(make):
    whole = without_metadata(make())

    for length in range(len(whole) - 1):
        with pytest.raises(NotAPicture):
            without_metadata(whole[:length])


@given(st.binary(max_size=60), st.booleans())
def test_whatever_is_sent_is_a_picture_or_refused(body, jpeg):
    try:
        kept = without_metadata((b"\xff\xd8" if jpeg else b"\x89PNG\r\n\x1a\n") + body)
    except NotAPicture:
        return
    assert without_metadata(kept) == kept
