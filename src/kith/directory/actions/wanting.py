"""Counting what people look for and do not find, without keeping a word of theirs."""

import logging
from datetime import date, datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kith.accounts.models import User
from kith.directory.finding import LONGEST, Asked, Found, Spot
from kith.directory.models import NotFound
from kith.directory.permissions import may_ask_for_assurance
from kith.hubs.models import Hub
from kith.hubs.queries import hub_for_postcode
from kith.places.queries import nearest_postcode

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=25 * 31)  # two whole years can be set beside each other


def count_not_found(*, asked: Asked, found: Found, at: datetime) -> None:
    """Count that somebody looked for something and found no service.

    What is counted are words of the directory's own lists: a term whose name, or another word for it,
    was typed whole; words that mean the same; what is said not to be offered; else only that there
    were other words, or none. One statement; a search never fails by it.
    """
    try:
        with transaction.atomic():
            day = timezone.localdate(at)
            hub = _hub_of(asked.spot, day)
            words = asked.words[:LONGEST]
            for typed, read in found.mended:
                words = f"{words} {read}" if typed in words.lower() else words
            chosen = {("category", asked.category), ("target", asked.target)}
            with connection.cursor() as cursor:
                cursor.execute(
                    _COUNT,
                    {
                        "words": words,
                        "chosen": [f"{taxonomy}:{code}" for taxonomy, code in chosen if code],
                        "day": day,
                        "hub": hub.pk if hub else None,
                        "most": NotFound.MOST_A_DAY,
                    },
                )
    except (DatabaseError, LookupError, ValueError) as problem:
        # Its message may hold what was typed.
        log.warning("a search without results was not counted: %s", type(problem).__name__)


def forget_not_found(*, by: User, at: datetime) -> int:
    """Delete counts older than 25 months. Returns how many. Raises PermissionDenied."""
    may_ask_for_assurance(by).or_raise()
    before = timezone.localdate(at) - KEPT_FOR
    deleted, _ = NotFound.objects.filter(day__lt=before).delete()
    return deleted


def _hub_of(spot: Spot | None, day: date) -> Hub | None:
    if spot is None:
        return None
    near = nearest_postcode(spot.easting, spot.northing)
    return hub_for_postcode(near, day) if near else None


# A phrase was typed where all its words were, in any form. Rows are locked in one order: two searches
# never wait for each other in a ring.
_COUNT = """
with typed as (
    select tsvector_to_array(to_tsvector('english', %(words)s)) as said
), phrases as (
    select 'term' as kind, term.taxonomy || ':' || term.code as key, phrase
    from directory_term term, unnest(array_append(term.synonyms, term.name)) phrase where term.active
    union all
    select 'meaning', same.id::text, phrase from directory_samemeaning same, unnest(same.words) phrase
    union all
    select 'absent', absent.uid::text, phrase
    from directory_notoffered absent, unnest(array_append(absent.synonyms, absent.title)) phrase
    where absent.since <= %(day)s and (absent.until is null or absent.until > %(day)s)
), meant as (
    select kind, key, words from (
        select kind, key, tsvector_to_array(to_tsvector('english', phrase)) as words from phrases
    ) known, typed
    where cardinality(words) > 0 and words <@ said
), wanted as (
    -- Of "oral health", not "health" as well.
    select distinct kind, key from meant where not exists (
        select from meant longer
        where longer.words @> meant.words and cardinality(longer.words) > cardinality(meant.words)
    )
    union
    select 'term', chosen from unnest(%(chosen)s::text[]) chosen
)
insert into directory_notfound as counted (day, hub_id, kind, key, count)
select %(day)s, %(hub)s, kind, key, 1 from (
    select kind, key from wanted
    union all
    select case when trim(%(words)s) = '' then 'choices' else 'other' end, ''
    where not exists (select from wanted)
) line
order by kind, key
on conflict (day, hub_id, kind, key) do update
    set count = counted.count + 1 where counted.count < %(most)s
"""
