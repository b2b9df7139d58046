"""Row-level security: the third wall. Used in migrations.

`guard(table, see=...)` turns row security on, for the table's owner too, and says which rows exist
for whoever `kith.viewer` names. The expressions are SQL over the guarded table, whose own columns
must be written with its name. Sub-selects that do not depend on the row are worked out once.
"""

from django.db import connection, migrations

TEAMS = "any((select kith_teams('{permission}'))::bigint[])"


def in_my_teams(column: str, permission: str) -> str:
    """Rows whose team is one in which the viewer holds a permission."""
    return f"{column} = {TEAMS.format(permission=permission)}"


def may(permission: str) -> str:
    """All rows, for a viewer who holds a permission anywhere."""
    return f"(select kith_may('{permission}'))"


def is_me(column: str) -> str:
    """Rows that are the viewer's own."""
    return f"{column} = (select kith_viewer())"


def standing(family_column: str) -> str:
    """Rows of families with whom the viewer's team, or the viewer, has standing."""
    return (
        f"({may('family.see_all')} or exists (select 1 from families_standing standing "
        f"where standing.family_id = {family_column}))"
    )


def visible(table: str, own_column: str, *, key: str = "id") -> str:
    """Rows that hang on a row of another guarded table, and are seen with it."""
    return f"exists (select 1 from {table} parent where parent.{key} = {own_column})"


def any_of(*expressions: str) -> str:
    """Rows that any of the expressions lets through."""
    return "(" + " or ".join(expressions) + ")"


def guard(
    table: str,
    *,
    see: str,
    add: str | None = None,
    change: str | None = None,
    remove: str = "false",
) -> migrations.RunSQL:
    """Return the migration step that guards a table.

    `add` is checked for new rows, `change` for rows before an update (what they become must pass
    `see`), `remove` for deletions. Unless said, a row may be added by whoever will see it, may be
    changed by whoever sees it, and may be removed by nobody. A log (`change="false"`) takes rows
    from everybody: whoever does something leaves a trace, though they may not read the log.
    """
    add = add or ("true" if change == "false" else see)
    change = change or see
    forward = f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        drop policy if exists {table}_see on {table};
        drop policy if exists {table}_add on {table};
        drop policy if exists {table}_change on {table};
        drop policy if exists {table}_remove on {table};
        create policy {table}_see on {table} for select using ({see});
        create policy {table}_add on {table} for insert with check ({add});
        create policy {table}_change on {table} for update using ({change}) with check ({see});
        create policy {table}_remove on {table} for delete using ({remove});
    """
    backward = f"""
        drop policy if exists {table}_see on {table};
        drop policy if exists {table}_add on {table};
        drop policy if exists {table}_change on {table};
        drop policy if exists {table}_remove on {table};
        alter table {table} no force row level security;
        alter table {table} disable row level security;
    """
    return migrations.RunSQL(forward, backward)


def guard_history(
    event_table: str, tracked_table: str, *, see: str | None = None
) -> migrations.RunSQL:
    """Guard a table of past states: seen with the row they are of; added by triggers only."""
    return guard(
        event_table,
        see=see or visible(tracked_table, f"{event_table}.pgh_obj_id"),
        change="false",
    )


def take_back_rights(append_only: list[str]) -> None:
    """Take from the application what no policy would let it do anyway, so that trying is an error.

    Run by the owner after every migration. `append_only` are tables to which rows are only added:
    their triggers refuse changes too, but a trigger can be told to look away (`pgtrigger.ignore`)
    and a right that is not held cannot. What roles allow is written by the owner alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("select rolname from pg_roles where rolname in ('kith_app', 'kith_worker')")
        roles = ", ".join(name for (name,) in cursor.fetchall())
        if not roles:
            return
        cursor.execute(
            "select tablename, cmd from pg_policies "
            "where cmd in ('UPDATE', 'DELETE') and qual = 'false' order by 1, 2"
        )
        refused = [(table, what.lower()) for table, what in cursor.fetchall()]
        refused += [(table, "update, delete") for table in append_only]
        for table in ("accounts_rolegrant", "kith_lists"):
            refused.append((table, "insert, update, delete"))
        for table, what in refused:
            cursor.execute(f'revoke {what} on "{table}" from {roles}')


FUNCTIONS = """
create function kith_viewer() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('kith.viewer', true), '')::bigint $$;

create function kith_link() returns text language sql stable parallel safe as
$$ select nullif(current_setting('kith.link', true), '') $$;

-- Memberships in force today: the viewer's own, and of those whom the viewer covers for.
create function kith_memberships() returns table (team_id bigint, role varchar)
language sql stable security definer set search_path = public, pg_temp as
$$
    select held.team_id, held.role
    from accounts_membership held
    join accounts_team team on team.id = held.team_id and team.active
    join accounts_user person on person.id = held.user_id and person.is_active
    where held.since <= kith_today() and (held.until is null or held.until > kith_today())
      and exists (select 1 from accounts_user me where me.id = kith_viewer() and me.is_active)
      and (
        held.user_id = kith_viewer()
        or held.user_id in (
            select cover.absent_id from accounts_cover cover
            where cover.covered_by_id = kith_viewer() and cover.since <= kith_today()
              and (cover.until is null or cover.until > kith_today())
        )
      )
$$;

create function kith_teams(permission text) returns bigint[]
language sql stable security definer set search_path = public, pg_temp as
$$
    select coalesce(array_agg(distinct held.team_id), '{}')
    from kith_memberships() held
    join accounts_rolegrant allowed on allowed.role = held.role
    where allowed.permission = kith_teams.permission
$$;

create function kith_may(permission text) returns boolean
language sql stable security definer set search_path = public, pg_temp as
$$ select cardinality(kith_teams(kith_may.permission)) > 0 $$;

-- What the private link of this transaction opens, if it opens something of this purpose.
create function kith_linked(purpose text) returns bigint
language sql stable security definer set search_path = public, pg_temp as
$$
    select link.subject_id from accounts_onetimelink link
    where link.secret_hash = kith_link() and link.purpose = kith_linked.purpose
      and link.expires_at > now() and link.ended_at is null
$$;
"""
TODAY = """
create function kith_today() returns date language sql stable parallel safe as
$$ select (now() at time zone 'Europe/London')::date $$;
"""
DROP_FUNCTIONS = """
drop function if exists kith_linked(text), kith_may(text), kith_teams(text), kith_memberships(),
    kith_link(), kith_viewer(), kith_today();
"""

# The same answers as in FUNCTIONS, which a page asks some fifty times. In a language whose plans
# PostgreSQL keeps for the session: a function in SQL that runs with its owner's rights is planned
# anew each time (0.31 against 0.08 ms). And worked out once: within a transaction the answer is
# remembered in a setting of it, under whose it is and how often rights were changed in it so far.
REMEMBERED = """
create or replace function kith_teams(permission text) returns bigint[]
language plpgsql stable security definer set search_path = public, pg_temp as
$$
declare
    who bigint := kith_viewer();
    day date;
    place text;
    mark text;
    known text;
    teams bigint[];
begin
    if who is null then
        return '{}';
    end if;
    place := 'kith.teams_' || replace(kith_teams.permission, '.', '_');
    mark := who || '/' || coalesce(current_setting('kith.rights', true), '') || '/';
    known := current_setting(place, true);
    if starts_with(known, mark) then
        return substr(known, length(mark) + 1)::bigint[];
    end if;
    day := kith_today();
    select coalesce(array_agg(distinct held.team_id), '{}') into teams
    from accounts_membership held
    join accounts_rolegrant allowed on allowed.role = held.role
    join accounts_team team on team.id = held.team_id and team.active
    join accounts_user person on person.id = held.user_id and person.is_active
    where allowed.permission = kith_teams.permission
      and held.since <= day and (held.until is null or held.until > day)
      and exists (select 1 from accounts_user me where me.id = who and me.is_active)
      and (
        held.user_id = who
        or held.user_id in (
            select cover.absent_id from accounts_cover cover
            where cover.covered_by_id = who and cover.since <= day
              and (cover.until is null or cover.until > day)
        )
      );
    perform set_config(place, mark || teams::text, true);
    return teams;
end
$$;

create or replace function kith_may(permission text) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as
$$ begin return cardinality(kith_teams(kith_may.permission)) > 0; end $$;
create or replace function kith_linked(purpose text) returns bigint
language plpgsql stable security definer set search_path = public, pg_temp as
$$
begin
    if kith_link() is null then
        return null;
    end if;
    return (
        select link.subject_id from accounts_onetimelink link
        where link.secret_hash = kith_link() and link.purpose = kith_linked.purpose
          and link.expires_at > now() and link.ended_at is null
    );
end
$$;

create function kith_rights_changed() returns trigger
language plpgsql set search_path = public, pg_temp as
$$
begin
    perform set_config(
        'kith.rights',
        (coalesce(nullif(current_setting('kith.rights', true), ''), '0')::bigint + 1)::text,
        true
    );
    return null;
end
$$;
create trigger rights_changed after insert or update or delete on accounts_membership
    for each statement execute function kith_rights_changed();
create trigger rights_changed after insert or update or delete on accounts_cover
    for each statement execute function kith_rights_changed();
create trigger rights_changed after insert or update or delete on accounts_rolegrant
    for each statement execute function kith_rights_changed();
create trigger rights_changed after update of active on accounts_team
    for each statement execute function kith_rights_changed();
create trigger rights_changed after update of is_active on accounts_user
    for each statement execute function kith_rights_changed();
"""
NOT_REMEMBERED = """
drop trigger rights_changed on accounts_membership;
drop trigger rights_changed on accounts_cover;
drop trigger rights_changed on accounts_rolegrant;
drop trigger rights_changed on accounts_team;
drop trigger rights_changed on accounts_user;
drop function kith_rights_changed();
""" + FUNCTIONS.replace("create function", "create or replace function")
