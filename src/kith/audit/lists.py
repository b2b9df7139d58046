"""Lists that nearly every page reads and that seldom change: needs, hubs, closed days, the look.

The database counts how often they have changed (`kith_lists`), when a change is committed. A page
that only shows asks for that number with its first statement, and uses what this process was
answered before as long as the number is the same. So a change shows on the next page everywhere,
and nothing is ever told that something changed.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import migrations

P = ParamSpec("P")
R = TypeVar("R")

# With the number of the database itself: one that is put in the place of another has other lists.
VERSION = """(select version || ' of ' || oid
    from kith_lists, pg_database where datname = current_database())"""
MOST_ANSWERS = 500  # kept of one question

COUNTER = """
create table kith_lists (version bigint not null, transaction bigint not null);
insert into kith_lists values (1, 0);

-- At the end of the transaction, so that whoever reads the new number finds the new rows too.
create function kith_list_changed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as
$$
begin
    update kith_lists set version = version + 1, transaction = txid_current()
    where transaction <> txid_current();
    return null;
end
$$;
"""
DROP_COUNTER = "drop function kith_list_changed() cascade; drop table kith_lists;"

_version: ContextVar[str | None] = ContextVar("version of the lists", default=None)


def count_changes_of(table: str, column: str = "") -> migrations.RunSQL:
    """Return the migration step after which changes of a table count as changes of the lists.

    With a `column`, only rows that are new or gone, and changes of that column.
    """
    name = f"list_changed_{column}" if column else "list_changed"
    update = f"update of {column}" if column else "update"
    return migrations.RunSQL(
        f"""
        create constraint trigger {name} after insert or {update} or delete on {table}
        deferrable initially deferred for each row execute function kith_list_changed();
        """,
        f"drop trigger {name} on {table};",
    )


@contextlib.contextmanager
def as_of(version: str | None) -> Iterator[None]:
    """Use within the block what was answered at this version; with None, always ask anew.

    None is for whoever may change lists, or may see changes that nobody else sees yet.
    """
    before = _version.set(version)
    try:
        yield
    finally:
        _version.reset(before)


def kept(ask: Callable[P, R]) -> Callable[P, R]:
    """Keep what a question about lists alone was answered, until any list changes.

    What it answers is shared by all pages of this process: it must not be changed. What it is
    asked with must be hashable.
    """
    answers: dict[Any, tuple[str, R]] = {}

    @wraps(ask)
    def answer(*asked: P.args, **named: P.kwargs) -> R:
        version = _version.get()
        if version is None:
            return ask(*asked, **named)
        key = (asked, *named.items())
        known = answers.get(key)
        if known is None or known[0] != version:
            if len(answers) >= MOST_ANSWERS:
                answers.clear()
            known = answers[key] = (version, ask(*asked, **named))
        return known[1]

    return answer
