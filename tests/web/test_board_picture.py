"""The consistency board as a picture for a paper: the same facts drawn, in a table and as files."""

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from kith.directory import actions, queries
from kith.directory.actions import DirectoryRefused, Item, Standing
from kith.directory.models import KeptBoard
from tests.factories.accounts import make_team, make_user
from tests.factories.places import make_hub, make_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    """Two hubs and one item, which a hundred days ago ran in neither, and now runs in Banbury."""
    caches["figures"].clear()
    make_places()
    lead = make_user("county_lead", make_team("County", "desk"))
    hubs = {name: make_hub(name) for name in ("Banbury", "Witney")}
    now = timezone.now()
    long_ago, day = now - timedelta(days=100), timezone.localdate(now) - timedelta(days=200)
    offer = actions.draft_offer(by=lead, at=now)
    item = Item("Play <b>&", "Toys.", "under fives", "Every week.")
    code = actions.write_item(offer=offer, details=item, by=lead, at=now).code
    actions.agree_offer(
        offer=offer, on=day, agreed_by="Cabinet", in_force_from=day, by=lead, at=now
    )
    paused = Standing(
        "paused", reason="No room.", instead="Witney.", review_on=timezone.localdate(now) + timedelta(days=9)
    )  # fmt: skip
    for hub in hubs.values():
        actions.say_offering(hub=hub, code=code, standing=paused, by=lead, at=long_ago)
    running = Standing("running", standard_said=True)
    actions.say_offering(hub=hubs["Banbury"], code=code, standing=running, by=lead, at=now)
    return {"lead": lead, "hubs": hubs, "code": code, "today": timezone.localdate(now)}


def since(day):
    return {"since": day.isoformat()}


def test_the_picture_tells_what_has_changed_since_an_earlier_day(client, county):
    then = county["today"] - timedelta(days=50)

    page = client.get(reverse("board_picture"), since(then)).content.decode()

    assert "1 gap among 2 boxes, 1 without an owner." in page
    assert f"On {then:%-d %B %Y}: 2 gaps." in page
    assert "Gap closed (1)" in page
    assert "Banbury, Play &lt;b&gt;&amp;: Paused then, Said met now" in page
    standing = queries.core_standings_on(then)[county["code"], county["hubs"]["Banbury"].pk]
    assert standing.state == "paused"
    assert not queries.core_standings_on(county["today"] - timedelta(days=150))
    for wrong in (county["today"], county["today"] - timedelta(days=900)):
        answer = client.get(reverse("board_picture"), since(wrong)).content.decode()
        assert "There is a problem" in answer and "1 gap among 2 boxes" in answer


def test_it_is_drawn_as_svg_pdf_and_csv_with_the_same_boxes(client, county):
    drawn = client.get(reverse("board_file", args=["svg"]))
    tree = ElementTree.fromstring(drawn.content)
    words = ["".join(one.itertext()) for one in tree.iter() if one.tag.endswith("text")]
    assert {"Said met", "Paused", "Play <b>&"} <= set(words), "in words, not by colour alone"
    assert tree.get("role") == "img" and "1 gap" in drawn.content.decode()

    listed = client.get(
        reverse("board_file", args=["csv"]), since(county["today"] - timedelta(days=50))
    )
    lines = list(csv.DictReader(io.StringIO(listed.content.decode("utf-8-sig"))))
    stands = {(line["Hub"], line["How it stands"], line["Gap"]) for line in lines}
    assert stands == {("Banbury", "Said met", "no"), ("Witney", "Paused", "yes")}
    assert {line[list(line)[-1]] for line in lines} == {"Paused"}

    paper = client.get(reverse("board_file", args=["pdf"])).content
    assert paper.startswith(b"%PDF") and b"/MarkInfo" in paper and b"/StructTreeRoot" in paper
    assert client.get(reverse("board_file", args=["exe"])).status_code == 404


def test_a_kept_copy_stays_as_it_was_and_everybody_reads_it(client, county):
    client.force_login(county["lead"])
    wrong = client.post(reverse("keep_board"), {"title": ""}).content.decode()
    assert "There is a problem" in wrong and not KeptBoard.objects.exists()
    client.post(reverse("keep_board"), {"title": "Scrutiny, item 6"})
    kept = KeptBoard.objects.get()
    client.logout()
    actions.say_offering(
        hub=county["hubs"]["Witney"], code=county["code"], standing=Standing("running"),
        by=county["lead"], at=timezone.now(),
    )  # fmt: skip

    page = client.get(reverse("kept_board", args=[kept.uid])).content.decode()
    assert "Scrutiny, item 6" in page and "1 gap among 2 boxes" in page
    assert "0 gaps among 2 boxes" in client.get(reverse("board_picture")).content.decode()
    assert county["lead"].name not in page
    assert client.get(reverse("kept_board_file", args=[kept.uid, "pdf"])).content[:4] == b"%PDF"
    with pytest.raises(Error, match="permission denied"), transaction.atomic():
        KeptBoard.objects.update(title="Other")


def test_only_the_county_keeps_a_copy_and_only_of_today(county):
    manager = make_user("hub_manager", county["hubs"]["Banbury"].team)
    now = timezone.now()
    with pytest.raises(PermissionDenied):
        actions.keep_board(title="Mine", as_at=county["today"], data={}, by=manager, at=now)
    with pytest.raises(DirectoryRefused, match="new day"):
        actions.keep_board(
            title="Late", as_at=county["today"] - timedelta(days=1), data={}, by=county["lead"], at=now
        )  # fmt: skip
