"""The directory with 20,000 services at 8,000 places: searching, the feed, and everything as lines.

A tiny county with services on top whose words, ages, places and times are drawn by chance, always the
same. Searches are measured twice: all users ask without a pause, beside the yardstick; and as people do,
who read for a second before they ask again, by the time the server took for each.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import psycopg

from bench import front_door as house
from kith.machine.postgres import Cluster

BEGIN, END = "<!-- directory -->", "<!-- end of directory -->"
SERVICES, PLACES, PROVIDERS = 20_000, 8_000, 1_500
USERS, READS = 20, 1.0  # seconds between an answer and the next question
# The targets: a search's p95 in ms, the feed's throughput beside the bare yardstick's, MB for ndjson.
SEARCH_MS, FEED_SHARE, NDJSON_MB = 60, 0.5, 200
VOCABULARY = """swimming parenting football baby toddler stay play story rhyme music art dance cooking food
bank debt housing benefits advice counselling anxiety autism speech language sleep feeding midwife dads
young carers teenagers youth club homework reading maths english jobs training volunteers garden nature
forest walking cycling drama coding chess yoga fitness behaviour boundaries relationships separation
bereavement alcohol dentist vision hearing disability respite sibling twins adoption fostering kinship
grandparents holiday summer lunch uniform toys library museum sensory messy singing gym skating boxing
judo breakfast after-school wellbeing confidence friendship money energy furniture clothes translation
interpreting transport first-aid safety internet phone reception transition exams apprenticeship"""
WORDS = VOCABULARY.split()
FILL = """
create temp table word as select n, w from unnest(%(words)s::text[]) with ordinality as t(w, n);
create or replace function pg_temp.drawn(seed text, how_many int) returns text language sql as $$
    select string_agg(word.w, ' ' order by number) from generate_series(1, how_many) number
    join word on word.n = 1 + abs(hashtext(seed || '/' || number)) %% %(count)s $$;
insert into directory_provider (uid, name, description, website, email, charity_number, keeper_email,
    source, source_id)
select gen_random_uuid(), initcap(pg_temp.drawn('p' || n, 2)) || ' ' || n, 'Gives help to families.',
    '', 'office' || n || '@example.org', '', '', '', ''
from generate_series(1, %(providers)s) n;
create temp table spot as select row_number() over () as n, spot.* from (
    select * from places_postcode order by md5(code) limit %(places)s) spot;
insert into directory_place (uid, name, kind, shown, address, town, postcode, easting, northing, latitude,
    longitude, transport, access, source, source_id)
select gen_random_uuid(), initcap(pg_temp.drawn('v' || n, 1)) || ' hall ' || n, 'other', 'full',
    n || ' High Street', 'Banbury', left(code, length(code) - 3) || ' ' || right(code, 3), easting,
    northing, latitude, longitude, '', '{}', '', ''
from spot;
insert into directory_service (uid, provider_id, name, also_called, description, url, email, phone, status,
    alert, from_months, to_months, who_for, not_for, route, how_to_ask, taking, cost, languages,
    interpreters, accreditations, funding, area_names, professional_only, published, assured_on,
    assured_by, assurer_email, free, source, source_id)
select gen_random_uuid(), provider.id, initcap(pg_temp.drawn('s' || n, 3)), '',
    pg_temp.drawn('d' || n, 14) || '.', '', '', '01865 ' || 100000 + n, 'active', '',
    12 * (abs(hashtext('a' || n)) %% 12), 12 * (5 + abs(hashtext('a' || n)) %% 12),
    pg_temp.drawn('w' || n, 4), '', 'contact', '', 'open', '', '{}', '', '', '', '{}', false, true,
    current_date - abs(hashtext('c' || n)) %% 80, 'The provider', '', n %% 3 = 0, '', ''
from generate_series(1, %(services)s) n
join (select id, row_number() over (order by id) as place from directory_provider) provider
    on provider.place = 1 + n %% %(providers)s;
create temp table held as select service.id as service_id, 1 + abs(hashtext('h' || service.id || '/' || k))
    %% %(places)s as n from directory_service service, generate_series(1, 1 + service.id::int %% 2) k;
insert into directory_serviceatplace (uid, service_id, place_id, words)
select distinct on (held.service_id, place.id) gen_random_uuid(), held.service_id, place.id, ''
from held join (select id, row_number() over (order by id) as n from directory_place) place
    on place.n = held.n
on conflict do nothing;
insert into directory_schedule (uid, service_id, at_place_id, every, weekday, opens, closes,
    term_time_only, bank_holidays, words)
select gen_random_uuid(), service_id, id, 'week', id %% 5, time '09:00' + (id %% 8) * interval '1 hour',
    time '10:30' + (id %% 8) * interval '1 hour', id %% 2 = 0, false, ''
from directory_serviceatplace on conflict do nothing;
insert into directory_tag (uid, service_id, term_id)
select gen_random_uuid(), service.id, term.id from directory_service service
join (select id, row_number() over (order by id) as n, count(*) over () as of from directory_term
      where active) term on term.n in (1 + service.id %% term.of, 1 + (service.id * 7) %% term.of)
on conflict do nothing;
"""


def main(words: list[str] | None = None) -> int:
    """Measure, print a table and write it to docs/measurements.md."""
    parser = argparse.ArgumentParser(prog="script/bench directory", description=__doc__)
    parser.add_argument("--var", default=str(house.ROOT / "var/bench-directory"))
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--fresh", action="store_true", help="make the services anew")
    parser.add_argument("--write", action="store_true", help="keep the table")
    options = parser.parse_args(words)
    var = Path(options.var).resolve()
    environment = house._environment(var, options.port)
    facts = _make(var, environment, fresh=options.fresh)
    load = os.getloadavg()[0]
    with house._server(environment, options.port) as server:
        base = f"http://127.0.0.1:{options.port}"
        pages = _pages(facts)
        for page in pages:
            house._check(base, page)
        options.users = [USERS]
        visits = house._measure(server, base, pages, options)
        calm = as_people_do(base, pages[0].asks, options.seconds * 5)
        lines = _everything(server, base)
    text = _report(visits, pages, calm, lines, facts["sizes"], options, load)
    print(text)
    if options.write:
        old = house.REPORT.read_text()
        before, rest = old.split(BEGIN, 1)
        house.REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}")
    return 0


def _make(var: Path, environment: dict[str, str], *, fresh: bool) -> dict[str, Any]:
    """Make the county and its services once; return what is asked, and how much there is."""
    house._make_county(var, environment, fresh=fresh, size="tiny", lade=_fill)
    cluster = Cluster(var / "database")
    with cluster.running(), cluster.connect("kith") as connection:
        sizes = [
            connection.execute(f"select count(*) from directory_{name}").fetchone()[0]  # type: ignore[index]
            for name in ("service", "place", "serviceatplace", "schedule", "provider")
        ]
        postcodes = connection.execute(
            "select code from places_postcode order by md5('asked' || code) limit 60"
        ).fetchall()
    return {"sizes": sizes, "postcodes": [code for (code,) in postcodes]}


def _fill(connection: psycopg.Connection) -> None:
    values = {"words": WORDS, "count": len(WORDS)} | {
        "services": SERVICES, "places": PLACES, "providers": PROVIDERS,
    }  # fmt: skip
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(FILL, values)
    connection.execute("analyze")


def _pages(facts: dict[str, Any]) -> list[house.Page]:
    quote = urllib.parse.quote
    ages = ("0", "2", "7", "11", "15")
    near = [
        f"/find-help/?q={quote(' '.join(WORDS[(n * 7 + k * 31) % len(WORDS)] for k in range(1 + n % 2)))}"
        f"&near={quote(code)}&age={ages[n % 5]}"
        for n, code in enumerate(facts["postcodes"])
    ]
    return [
        house.Page("find", "Words, postcode and age", "anybody", near),
        house.Page("feed", "`/services?per_page=50`", "anybody",
                   [f"/api/oruk/v3/services?per_page=50&page={n}" for n in range(1, 41)]),
        house.Page("searched", "`/services?search=`", "anybody",
                   [f"/api/oruk/v3/services?search={word}" for word in WORDS[:40]]),
        house.Page("near", "`/service_at_locations?postcode=&proximity=`", "anybody",
                   [f"/api/oruk/v3/service_at_locations?postcode={quote(code)}&proximity=3000"
                    for code in facts["postcodes"]]),
        house.Page("board", "Consistency board", "anybody", ["/offer/"]),
    ]  # fmt: skip


def as_people_do(base: str, asks: list[str], seconds: int) -> list[float]:
    """Return how long each search took, in ms, where users read for a while before they ask again."""
    took: list[float] = []
    until = time.monotonic() + seconds

    def somebody(number: int) -> None:
        time.sleep(READS * number / USERS)
        count = number
        while time.monotonic() < until:
            began = time.monotonic()
            urllib.request.urlopen(base + asks[count % len(asks)], timeout=30).read()
            took.append((time.monotonic() - began) * 1000)
            count += 7
            time.sleep(READS)

    threads = [threading.Thread(target=somebody, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took)


def _everything(server: subprocess.Popen[bytes], base: str) -> dict[str, float]:
    """Ask for all services as lines; return seconds, MB, lines, and the web workers' memory in MB."""
    before, highest = max(house._memory(server)), [0.0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            highest[0] = max(highest[0], *house._memory(server))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, size, lines = time.monotonic(), 0, 0
    with urllib.request.urlopen(
        f"{base}/api/oruk/v3/services?format=ndjson&full=true", timeout=600
    ) as answer:
        while part := answer.read(1 << 16):
            size, lines = size + len(part), lines + part.count(b"\n")
    seconds = time.monotonic() - began
    over.set()
    watcher.join()
    return {"seconds": seconds, "mb": size / 1e6, "lines": lines, "before": before,
            "highest": highest[0]}  # fmt: skip


def _report(
    visits: list[house.Visit],
    pages: list[house.Page],
    calm: list[float],
    lines: dict[str, float],
    sizes: list[int],
    options: argparse.Namespace,
    load: float,
) -> str:
    rows = [house._row(page, [v for v in visits if v.page.page == page.key]) for page in pages]
    feed = [v for v in visits if v.page.page == "feed"]
    share = median(v.page.rate / (sum(b.rate for b in v.bare) / len(v.bare)) for v in feed)
    signed = median(v.page.rate / (sum(b.rate for b in v.full) / len(v.full)) for v in feed)
    p50, p95 = (calm[int(len(calm) * part)] for part in (0.5, 0.95))
    return "\n".join(
        [
            f"Measured on {date.today():%d %B %Y}, {os.cpu_count()} cores shared by those who ask, web "
            f"server and database, {psutil.virtual_memory().total / 2**30:.0f} GiB; {options.rounds} rounds "
            f"of {options.seconds} seconds; load before it began {load:.1f}. {sizes[0]:,} services of "
            f"{sizes[4]:,} providers, {sizes[2]:,} times at one of {sizes[1]:,} places, {sizes[3]:,} "
            "schedules. `script/bench directory --write`.",
            "",
            f"**{USERS} at once who never pause**",
            "",
            "| Page | Requests a second | p50 ms | p95 ms | Errors | p95 beside the bare yardstick | "
            "p95 beside the signed-in yardstick | Processor ms | Processor beside the signed-in yardstick |",
            "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
            *rows,
            "",
            f"**{USERS} who read for {READS:g} second before they ask again** (words, postcode and age; "
            f"{len(calm):,} searches): p50 {p50:.0f} ms, p95 {p95:.0f} ms (target: {SEARCH_MS} ms).",
            "",
            f"`/services?per_page=50` answers {share:.2f} times as many requests a second as the bare "
            f"yardstick (target: {FEED_SHARE}), {signed:.2f} times as many as the signed-in one.",
            "",
            f"Everything as ndjson (`full=true`): {lines['lines']:,.0f} lines, {lines['mb']:.0f} MB in "
            f"{lines['seconds']:.1f} s; a web worker had {lines['before']:.0f} MB before and at most "
            f"{lines['highest']:.0f} MB meanwhile (target: under {NDJSON_MB} MB).",
        ]
    )


if __name__ == "__main__":
    print(json.dumps(main()))
    sys.exit(0)
