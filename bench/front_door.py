"""The front door's pages on a large county, beside a bare view on the same server.

Starts Kith as `script/server` does, with TLS and the second factor off (loopback, no people),
drives it with wrk, and measures the yardstick before and after each page.
"""

import argparse
import contextlib
import hashlib
import http.cookiejar
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import mean, median
from typing import Any

import psutil
import psycopg

from kith.demo.people import PASSWORD
from kith.machine.postgres import Cluster

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
LUA = Path(__file__).with_name("requests.lua")
REPORT = ROOT / "docs" / "measurements.md"
BEGIN, END = "<!-- front door -->", "<!-- end of front door -->"
USERS = (1, 20, 100)
WARM_UP = 2

# The targets, at 20 users: how many times the yardstick's p95 a page's may be.
AIMED_AT = 20
TARGETS = {
    "desk": 6.0,
    "family": 6.0,
    "county": 6.0,
    "hub": 6.0,
    "search": 3.0,
    "laden": 4.0,
    "caseload": 3.0,
}
# Families with much written about them, and a worker with many families, at one hub.
LADEN = {"hub": "east-oxford", "families": 8, "notes": 300, "actions": 40, "people": 6, "cases": 40}


@dataclass
class Page:
    """Something that is measured: who asks, and what for."""

    key: str
    name: str
    who: str
    asks: list[str]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Result:
    """What wrk found for a page at a number of users."""

    page: str
    users: int
    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    errors: int
    cpu: float  # milliseconds of processor time for each request, of web server and database

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass
class Visit:
    """A page measured once, with each yardstick right before and right after."""

    users: int
    page: Result
    bare: list[Result]
    full: list[Result]

    def beside(self, yardsticks: list[Result]) -> float:
        """Return how many times the yardstick's p95 the page's was."""
        return self.page.p95 / mean(result.p95 for result in yardsticks)

    @property
    def work(self) -> float:
        """Return how many times as much the processor worked as for the signed-in yardstick."""
        return self.page.cpu / mean(result.cpu for result in self.full)


def main(words: list[str] | None = None) -> int:
    """Measure, print a table and write it to docs/measurements.md."""
    options = _options(words)
    var = Path(options.var).resolve()
    environment = _environment(var, options.port)
    _make_county(var, environment, fresh=options.fresh, size=options.size, keep=options.keep)
    load = os.getloadavg()[0]
    with _server(environment, options.port) as server:
        base = f"http://127.0.0.1:{options.port}"
        pages = _pages(base, _facts(var), environment, only=options.only)
        visits = _measure(server, base, pages, options)
        memory = _memory(server)
    text = _report(visits, pages, memory, options, _sizes(var), load)
    print(text)
    if not options.only and options.size == "large":
        _write(text)
    return 0


def _options(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench front_door", description=__doc__)
    parser.add_argument("--var", default=os.environ.get("KITH_BENCH_VAR", str(ROOT / "var/bench")))
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--seconds", type=int, default=6, help="for each page and number of users")
    parser.add_argument("--users", type=int, nargs="*", default=list(USERS))
    parser.add_argument(
        "--rounds", type=int, default=3, help=f"how often to measure with {AIMED_AT} users"
    )
    parser.add_argument("--size", choices=("normal", "large", "tiny"), default="large")
    parser.add_argument("--fresh", action="store_true", help="make the county anew")
    parser.add_argument("--keep", action="store_true", help="keep a county that older code made")
    parser.add_argument("--only", nargs="*", help="keys of the pages to measure; writes no report")
    return parser.parse_args(words)


# The county and the server


def _environment(var: Path, port: int) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("KITH_TEST")},
        "KITH_VAR": str(var),
        "KITH_MODE": "server",
        "KITH_SECRET_KEY": hashlib.sha256(str(var).encode()).hexdigest(),
        "KITH_HOSTS": "127.0.0.1",
        "KITH_ADDRESS": f"http://127.0.0.1:{port}",
        "KITH_TLS": "no",
        "KITH_SECOND_FACTOR": "no",
        "KITH_YARDSTICK": "yes",
        "KITH_API_PER_MINUTE": "100000000",
        "PYTHONPATH": str(SRC),
    }


def _make_county(
    var: Path,
    environment: dict[str, str],
    *,
    fresh: bool,
    size: str,
    keep: bool = False,
    lade: Callable[[psycopg.Connection], None] | None = None,
) -> None:
    """Make the county once; afterwards copy it, so that each run begins with the same rows."""
    var.mkdir(parents=True, exist_ok=True)
    made = var / "made.json"
    parts = [*(SRC / "kith").glob("*/migrations/*.py"), *(SRC / "kith/demo").glob("*.py")]
    mark = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(parts))).hexdigest()[:16]
    wanted = {"mark": mark, "size": size}
    have = json.loads(made.read_text()) if made.exists() else {}
    if keep and have.get("size") == size:
        wanted["mark"] = have["mark"]
    cluster = Cluster(var / "database")
    kept = f"kept_{size}"
    with cluster.running(), cluster.connect() as connection:
        names = {name for (name,) in connection.execute("select datname from pg_database")}
        if fresh or {k: have.get(k) for k in wanted} != wanted or kept not in names:
            made.unlink(missing_ok=True)
            for name in ("kith", kept):
                connection.execute(f'drop database if exists "{name}" with (force)')
            cluster.make_database()
            roles = {
                "DATABASE_URL": cluster.url("kith_app"),
                "KITH_WORKER_DATABASE_URL": cluster.url("kith_worker"),
                "KITH_OWNER_DATABASE_URL": cluster.url("kith_owner"),
                "KITH_DATABASE_ROLE": "owner",
                "DJANGO_SETTINGS_MODULE": "kith.settings",
            }
            _django("migrate", "-v0", environment=environment | roles)
            began = time.monotonic()
            _django("make_county", "--size", size, environment=environment | roles)
            seconds = time.monotonic() - began
            with cluster.connect("kith") as county:
                county.execute("vacuum (analyze)")
            connection.execute(f'alter database kith rename to "{kept}"')
            made.write_text(json.dumps(wanted | {"seconds": seconds, "day": str(date.today())}))
        connection.execute('drop database if exists "kith" with (force)')
        connection.execute(f'create database kith template "{kept}" owner kith_owner')
        with cluster.connect("kith") as county:
            (lade or _lade)(county)


def _lade(county: psycopg.Connection) -> None:
    """Write much about a few families with six people, and give one worker forty families.

    The words are those of other families' notes and actions. Done past row security, as the county
    itself is written.
    """
    county.execute(
        """
        create table laden as
        select c.id as case_id, c.reference, f.reference as family, c.worker_id
        from casework_case c join hubs_hub h on h.team_id = c.team_id
        join families_family f on f.id = c.family_id
        where h.slug = %(hub)s and c.status = 'open' and c.first_contact_at is not null
          and f.merged_into_id is null
          and %(people)s <= (select count(*) from families_membership m
                             where m.family_id = f.id and m.until is null)
        order by c.reference limit %(families)s""",
        LADEN,
    )
    county.execute(
        """
        insert into casework_note (case_id, happened_at, words, child_seen, seen_alone, by_id,
            recorded_at)
        select laden.case_id, said.happened_at, said.words, said.child_seen, false, laden.worker_id,
            said.recorded_at
        from laden
        join lateral (select greatest(0, %(notes)s - count(*))::int as wanted from casework_note n
              where n.case_id = laden.case_id) missing on true
        join lateral (select * from casework_note other where other.adds_to_id is null
              order by other.id desc limit missing.wanted) said on true""",
        LADEN,
    )
    county.execute(
        """
        insert into casework_plannedaction (case_id, what, owner_id, owner_called, family_known_as, due_on,
            date_reason, done_on, dropped_on, came_of_it, ended_by_id, made_at, made_by_id)
        select laden.case_id, planned.what, laden.worker_id, '', '', planned.due_on, '', planned.done_on,
            planned.dropped_on, planned.came_of_it,
            case when planned.ended_by_id is null then null else laden.worker_id end,
            planned.made_at, laden.worker_id
        from laden
        join lateral (select greatest(0, %(actions)s - count(*))::int as wanted
              from casework_plannedaction a where a.case_id = laden.case_id) missing on true
        join lateral (select * from casework_plannedaction other where other.owner_id is not null
              order by other.id desc limit missing.wanted) planned on true""",
        LADEN,
    )
    county.execute(
        """
        update casework_case set worker_id = worker.id
        from accounts_user worker
        where worker.email = 'worker.' || %(hub)s || '@kith.example' and casework_case.id in (
            select c.id from casework_case c join hubs_hub h on h.team_id = c.team_id
            where h.slug = %(hub)s and c.status = 'open'
            order by (c.worker_id = worker.id) desc, c.id limit %(cases)s)""",
        LADEN,
    )
    county.execute("analyze")


def _django(*words: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", *words],
        env=environment,
        check=True,
        stdout=subprocess.PIPE if words[0] == "shell" else None,
        text=True,
    )
    return done.stdout or ""


@contextlib.contextmanager
def _server(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "kith", "server", "--host", "127.0.0.1"),
            *("--port", str(port)),
        ],
        env=environment,
    )
    try:
        deadline = time.monotonic() + 600
        while True:
            if server.poll() is not None:
                raise SystemExit("The server did not start; its words are above.")
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
                break
            if time.monotonic() > deadline:
                raise SystemExit("The server did not answer within ten minutes.")
            time.sleep(0.3)
        yield server
    finally:
        server.terminate()
        server.wait(60)


def _busy(server: subprocess.Popen[bytes]) -> dict[int, float]:
    """Return how many seconds each process of web server and database has worked so far."""
    seconds = {}
    for process in psutil.Process(server.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            seconds[process.pid] = times.user + times.system
    return seconds


def _memory(server: subprocess.Popen[bytes]) -> list[float]:
    """Return the resident memory of each web worker, in MB."""
    found = []
    for process in psutil.Process(server.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            parent = process.parent()
            is_web = "granian" in " ".join(process.cmdline())
            if parent and "granian" in " ".join(parent.cmdline()) and is_web:
                found.append(process.memory_info().rss / 1e6)
    return found


# What is asked


def _facts(var: Path) -> dict[str, list[Any]]:
    """Return references, names and so on of the county, picked evenly."""
    queries = {
        "families": """
            select f.reference from families_family f
            join families_standing s on s.family_id = f.id and s.reason = 'case'
            join casework_case c on c.family_id = f.id
            where f.merged_into_id is null order by md5(f.reference) limit 200""",
        "words": """
            select given_names || ' ' || family_name from families_person
            where date_of_birth is not null order by md5(id::text) limit 120""",
        "births": """
            select to_char(date_of_birth, 'DD/MM/YYYY') || ' ' || family_name
            from families_person where date_of_birth is not null
            order by md5('b' || id) limit 40""",
        "postcodes": "select postcode from families_address order by md5(id::text) limit 40",
        "schools": "select urn from partners_organisation where kind = 'school' order by id limit 50",
        "laden": "select family from laden order by family",
        "laden_cases": "select reference from laden order by reference",
        "teams": """
            select team_id from partners_organisation
            where team_id is not null and phase = 'secondary' order by id limit 1""",
        "needs": "select code from referrals_need where not safeguarding and active order by id",
    }
    cluster = Cluster(var / "database")
    with cluster.connect("kith") as connection:
        return {
            name: [value for (value,) in connection.execute(query)]
            for name, query in queries.items()
        }


def _sizes(var: Path) -> str:
    """Return how large the county is, in a sentence."""
    made = json.loads((var / "made.json").read_text())
    names = ("families_family", "referrals_referral", "casework_note", "families_person")
    cluster = Cluster(var / "database")
    with cluster.running(), cluster.connect(f"kept_{made['size']}") as connection:
        counts = [
            connection.execute(f"select count(*) from {name}").fetchone()[0]  # type: ignore[index]
            for name in names
        ]
        history = connection.execute(
            "select sum(n_live_tup) from pg_stat_user_tables where relname like '%event'"
        ).fetchone()[0]  # type: ignore[index]
        size = connection.execute(
            f"select pg_size_pretty(pg_database_size('kept_{made['size']}'))"
        ).fetchone()[0]  # type: ignore[index]
    return (
        f"{counts[0]:,} families, {counts[3]:,} people, {counts[1]:,} requests, {counts[2]:,} notes "
        f"and {int(history or 0):,} past states of rows; {size}; made in {made['seconds']:.0f} "
        "seconds."
    )


def _pages(
    base: str, facts: dict[str, list[Any]], environment: dict[str, str], *, only: list[str] | None
) -> list[Page]:
    quote = urllib.parse.quote
    searches = [*facts["words"], *facts["births"], *facts["postcodes"]]
    pages = [
        Page("desk", "Desk queue", "desk", ["/requests/desk/"]),
        Page("family", "Family page", "desk", [f"/cases/family/{r}/" for r in facts["families"]]),
        Page("search", "Search", "desk", [f"/families/?q={quote(text)}" for text in searches]),
        Page("county", "County dashboard", "lead", ["/figures/"]),
        Page("hub", "Hub dashboard", "manager.east-oxford", ["/figures/?hub=east-oxford"]),
        Page(
            "laden",
            "Family page, 300 notes",
            "manager.east-oxford",
            [f"/cases/family/{r}/" for r in facts["laden"]],
        ),
        Page(
            "case",
            "Case page, 300 notes",
            "manager.east-oxford",
            [f"/cases/{r}/" for r in facts["laden_cases"]],
        ),
        Page("caseload", "Caseload of 40", "worker.east-oxford", ["/cases/"]),
        Page(
            "plan",
            "Plan as PDF, 40 actions",
            "manager.east-oxford",
            [f"/cases/{r}/plan/" for r in facts["laden_cases"]],
        ),
    ]
    for page in pages:
        page.headers["Cookie"] = _sign_in(base, page.who)
    pages.append(_submission(base, facts, environment))
    chosen = [page for page in pages if not only or page.key in only]
    for page in chosen:
        _check(base, page)
    return chosen


def _sign_in(base: str, who: str) -> str:
    """Sign somebody of the county in, and return the cookies that prove it."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{base}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, "the sign-in page has no token"
    form = {
        "csrfmiddlewaretoken": token[1],
        "login": f"{who}@kith.example",
        "password": PASSWORD,
    }
    request = urllib.request.Request(
        f"{base}/accounts/login/",
        data=urllib.parse.urlencode(form).encode(),
        headers={"Referer": f"{base}/accounts/login/"},
    )
    opener.open(request).read()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    assert "kith_session" in cookies, f"{who} could not sign in"
    return cookies


def _submission(base: str, facts: dict[str, list[Any]], environment: dict[str, str]) -> Page:
    """A request for help sent by a partner's system: checked, filed, promised, thanked, logged."""
    cluster = Cluster(Path(environment["KITH_VAR"]) / "database")
    code = (
        "from django.utils import timezone\n"
        "from kith.accounts.actions import make_api_key\n"
        "from kith.accounts.models import Team, User\n"
        f"team = Team.objects.get(pk={facts['teams'][0]})\n"
        "by = User.objects.get(email='admin@kith.example')\n"
        "print('KEY', make_api_key(team=team, name='bench', by=by, at=timezone.now())[1])\n"
    )
    roles = {
        "DATABASE_URL": cluster.url("kith_app"),
        "DJANGO_SETTINGS_MODULE": "kith.settings",
        "KITH_DATABASE_ROLE": "app",
    }
    key = _django("shell", "-c", code, environment=environment | roles).rsplit("KEY ", 1)[1].strip()
    body = {
        "sender_name": "Anna Berg",
        "sender_role": "Pastoral lead",
        "children": [
            {
                "given_names": "Robin",
                "family_name": "Sample",
                "date_of_birth": "2014-03-27",
                "school_urn": facts["schools"][0],
            },
            {"given_names": "Alex", "family_name": "Sample", "date_of_birth": "2017-08-02"},
        ],
        "adults": [
            {
                "given_names": "Kim",
                "family_name": "Sample",
                "role": "mother",
                "phone": "07700 900123",
            }
        ],
        "address": "1 Rowan Way",
        "postcode": facts["postcodes"][0],
        "worry": "Attendance has dropped since the summer. Number {n}.",
        "going_well": "Loves football.",
        "tried": "A late start, agreed for two weeks.",
        "needs": [facts["needs"][0]],
        "main_need": facts["needs"][0],
        "basis": "consent",
        "agreed_by": "Kim Sample",
        "agreed_how": "spoken",
        "agreed_on": str(date.today()),
        "agencies_told": ["school"],
    }
    page = Page("submit", "Submit a request", "a partner's system", [])
    page.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    page.asks = ["POST /api/v1/requests", json.dumps(body)]
    return page


def _plan(page: Page) -> str:
    lines = [f"H {name}: {value}" for name, value in page.headers.items()]
    if page.asks[0].startswith("POST "):
        lines += [f"P {page.asks[0][5:]}", page.asks[1]]
    else:
        lines += [f"G {path}" for path in page.asks]
    return "\n".join(lines) + "\n"


def _check(base: str, page: Page) -> None:
    """Ask for a page a few times by hand: what is measured must be the page, not a way to it."""
    if page.asks[0].startswith("POST "):
        request = urllib.request.Request(
            base + page.asks[0][5:],
            data=page.asks[1].encode(),
            headers=page.headers | {"Idempotency-Key": f"check-{time.time()}"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                assert answer.status == 201, answer.status
        except urllib.error.HTTPError as problem:
            raise SystemExit(f"{page.name}: {problem} {problem.read()[:600]!r}") from None
        return
    for path in page.asks[:3]:
        request = urllib.request.Request(base + path, headers=page.headers)
        try:
            with urllib.request.urlopen(request) as answer:
                if (
                    answer.status != 200
                    or urllib.parse.urlsplit(answer.url).path != path.split("?")[0]
                ):
                    raise SystemExit(f"{page.name}: {path} led to {answer.url} ({answer.status})")
        except urllib.error.HTTPError as problem:
            raise SystemExit(f"{page.name}: {path}: {problem}") from None


# Measuring


def _measure(
    server: subprocess.Popen[bytes], base: str, pages: list[Page], options: argparse.Namespace
) -> list[Visit]:
    cookie = _sign_in(base, "desk")
    bare = Page("bare", "Yardstick (no middleware)", "", ["/yardstick/bare"])
    full = Page("full", "Yardstick (signed in)", "desk", ["/yardstick"], {"Cookie": cookie})
    rounds = [
        (count, page)
        for count in options.users
        for _ in range(options.rounds if count == AIMED_AT else 1)
        for page in pages
    ]
    visits = []
    for count, page in rounds:
        first, second, mine, third, last = (
            _one(server, base, asked, count, options.seconds)
            for asked in (bare, full, page, full, bare)
        )
        visits.append(Visit(count, mine, bare=[first, last], full=[second, third]))
    return visits


def _one(
    server: subprocess.Popen[bytes], base: str, asked: Page, users: int, seconds: int
) -> Result:
    _wrk(base, asked, users, WARM_UP)
    _drain(base)
    before = _busy(server)
    # Many who wait for a slow page need longer to be answered at all.
    found = _wrk(base, asked, users, max(seconds, users // 5))
    _drain(base)
    worked = sum(now - before.get(pid, 0) for pid, now in _busy(server).items())
    # When wrk stops, each user is waiting for one answer more.
    found.cpu = worked * 1000 / (found.requests + users)
    print(
        f"{users:4} users  {found.page:24} {found.rate:8.0f}/s  "
        f"p50 {found.p50:8.1f}  p95 {found.p95:8.1f} ms  "
        f"processor {found.cpu:6.1f} ms  errors {found.errors}",
        file=sys.stderr,
        flush=True,
    )
    return found


def _drain(base: str) -> None:
    """Wait until the server has answered all who have gone away: it answers quickly again."""
    quick = 0
    while quick < 6:
        began = time.monotonic()
        urllib.request.urlopen(f"{base}/yardstick/bare", timeout=120).read()
        quick = quick + 1 if time.monotonic() - began < 0.1 else 0


def _wrk(base: str, page: Page, users: int, seconds: int) -> Result:
    with tempfile.NamedTemporaryFile("w", suffix=".plan") as plan:
        plan.write(_plan(page))
        plan.flush()
        done = subprocess.run(
            [
                *("wrk", "-t1", f"-c{users}", f"-d{seconds}s", "--timeout", "30s"),
                *("-s", str(LUA), base, "--", plan.name),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    line = next((x for x in done.stdout.splitlines() if x.startswith("{")), "")
    if not line:
        raise SystemExit(f"wrk said: {done.stdout} {done.stderr}")
    said = json.loads(line)
    return Result(
        page=page.key,
        users=users,
        requests=said["requests"],
        seconds=said["seconds"],
        p50=said["p50"],
        p95=said["p95"],
        p99=said["p99"],
        errors=said["status_errors"] + said["socket_errors"],
        cpu=0.0,
    )


# Telling


def _report(
    visits: list[Visit],
    pages: list[Page],
    memory: list[float],
    options: argparse.Namespace,
    sizes: str,
    load: float,
) -> str:
    lines = [
        f"Measured on {date.today():%d %B %Y}: {os.cpu_count()} cores shared by wrk, web server and "
        f"database, {psutil.virtual_memory().total / 2**30:.0f} GiB, Python "
        f"{platform.python_version()}. `script/bench`, {options.seconds} seconds each after a "
        f"warm-up of {WARM_UP}. Before it began {load:.1f} processes were waiting for these cores "
        "for other work (load average); above 1 the figures say little, the ratios a little more.",
        "",
        f"The county: {sizes}",
        "",
        "The yardstick is one query by primary key, answered as JSON. *Bare*: before any "
        "middleware. *Signed in*: with all that a page goes through before its own work (session, "
        "sign-in, one transaction, row security's viewer). Each is measured right before and right "
        f"after each page, and the page's p95 is divided by the mean of the two. With {AIMED_AT} users all "
        f"of it is done {options.rounds} times, one round after the other: figures are the medians, "
        "and in brackets is the smallest and the largest.",
        "",
        "*Processor* is what the web server and the database worked for one request, on any core, "
        "and how many times as much that is as for the signed-in yardstick. Other work on the "
        "machine changes it little, where it makes every waiting time longer.",
        "",
    ]
    for count in options.users:
        lines += [
            f"**{count} {'user' if count == 1 else 'users'} at once**",
            "",
            "| Page | Requests a second | p50 ms | p95 ms | Errors | "
            "p95 beside the bare yardstick | p95 beside the signed-in yardstick | "
            "Processor ms | Processor beside the signed-in yardstick |",
            "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
        ]
        now = [visit for visit in visits if visit.users == count]
        lines += [_row(page, [v for v in now if v.page.page == page.key]) for page in pages]
        for name, found in (
            ("Yardstick, bare", [result for visit in now for result in visit.bare]),
            ("Yardstick, signed in", [result for visit in now for result in visit.full]),
        ):
            rate, p50, p95, cpu = (
                median(getattr(result, figure) for result in found)
                for figure in ("rate", "p50", "p95", "cpu")
            )
            errors = sum(result.errors for result in found)
            lines.append(
                f"| *{name}* | {rate:.0f} | {p50:.1f} | {p95:.1f} | {errors} | | | {cpu:.1f} | |"
            )
        lines.append("")
    lines.append(
        "Memory of the web workers after the run: "
        + ", ".join(f"{size:.0f} MB" for size in memory)
        + " (target: under 250 MB)."
    )
    targets = ", ".join(f"{key} {times:g}" for key, times in TARGETS.items())
    lines += [
        "",
        f"Targets at 20 users, times the yardstick's p95: {targets}; no error at 100. The plan as PDF: "
        "under 2 seconds for one who asks.",
    ]
    return "\n".join(lines)


def _row(page: Page, visits: list[Visit]) -> str:
    """Return the line of a page: medians, and the extremes where it was measured more than once."""
    mine = [visit.page for visit in visits]
    if not all(result.requests for result in mine):
        return f"| {page.name} | none finished in {mine[0].seconds:.0f} s | | | | | | | |"

    def told(ratios: list[float]) -> str:
        middle = f"{median(ratios):.1f}"
        return f"{middle} ({min(ratios):.1f} to {max(ratios):.1f})" if len(ratios) > 1 else middle

    rate, p50, p95, cpu = (
        median(getattr(result, figure) for result in mine)
        for figure in ("rate", "p50", "p95", "cpu")
    )
    return (
        f"| {page.name} | {rate:.0f} | {p50:.1f} | {p95:.1f} | {sum(r.errors for r in mine)} | "
        f"{told([visit.beside(visit.bare) for visit in visits])} | "
        f"{told([visit.beside(visit.full) for visit in visits])} | "
        f"{cpu:.1f} | {told([visit.work for visit in visits])} |"
    )


def _write(text: str) -> None:
    """Put the table in its place in docs/measurements.md."""
    REPORT.parent.mkdir(exist_ok=True)
    old = (
        REPORT.read_text()
        if REPORT.exists()
        else f"# Measurements\n\n## The front door\n\n{BEGIN}\n{END}\n"
    )
    before, rest = old.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
