"""Row-level security: the third wall. Used in migrations.

`guard(table, see=...)` turns row security on, for the table's owner too, and says which rows exist
for whoever `kith.viewer` names. The expressions are SQL over the guarded table, whose own columns
must be written with its name. Sub-selects that do not depend on the row are worked out once.
"""

import hashlib

from django.db import connection, migrations

TEAMS = "any((select kith_teams('{permission}'))::bigint[])"
SEES_ALL = "(select kith_sees_all())"
# The cases that were seen before in this transaction, and then each by itself.
CASE_IS_SEEN = "{0} = any((select kith_cases_seen())::bigint[]) or kith_case_seen({0})"


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
    if (table, key) == ("casework_case", "id"):
        return f"({SEES_ALL} or {CASE_IS_SEEN.format(own_column)})"
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


# Under what the rows that were seen are remembered: whose it is, and how often rights were changed in
# the transaction so far.
SEEN_BY = (
    "concat(current_setting('kith.viewer', true), ',', current_setting('kith.rights', true), '|')"
)


def _remembering(function: str, argument: str, table: str) -> str:
    """Return a function that says whether the viewer sees a row of a guarded table.

    Rows that were seen are remembered in a setting of the transaction; where less may be seen from
    now on, `forgets` empties it.
    """
    return f"""
create or replace function {function}({argument} bigint) returns boolean
language plpgsql stable cost 1000 as
$$
declare
    known text := current_setting('kith.{table}_seen', true);
    mark text := {SEEN_BY};
begin
    if starts_with(known, mark) and strpos(known, concat('|', $1, '|')) > 0 then
        return true;
    end if;
    if not exists (select from public.{table} seen where seen.id = $1) then
        return false;
    end if;
    perform set_config('kith.{table}_seen', concat(
        case when starts_with(known, mark) and length(known) < 1000 then known else mark end,
        $1, '|'
    ), true);
    return true;
end
$$;
"""


def forgets(table: str, on: str = "update or delete") -> str:
    """Return a trigger by which what was seen in a transaction is forgotten as this table changes."""
    return f"""
drop trigger if exists forget_seen on {table};
create trigger forget_seen after {on} on {table}
    for each statement execute function kith_forget_seen();
"""


# Nearly all of casework hangs on a case. Asked as a question within each question, whether the viewer
# sees it, with all that is asked of the case in turn, took longer to begin than the answer to find:
# the plan of a function is kept, and what it saw is remembered to the end of the transaction.
CASE_SEEN = (
    """
create or replace function kith_sees_all() returns boolean language plpgsql stable as
$$
declare
    mark text := concat(
        current_setting('kith.viewer', true), '/', current_setting('kith.rights', true), '/'
    );
    known text := current_setting('kith.sees_all', true);
begin
    if known in (concat(mark, true), concat(mark, false)) then
        return known = concat(mark, true);
    end if;
    known := concat(mark, public.kith_may('family.see_all')
        and cardinality(public.kith_hidden('family')) = 0);
    perform set_config('kith.sees_all', known, true);
    return known = concat(mark, true);
end
$$;
"""
    + _remembering("kith_case_seen", "number", "casework_case")
    + f"""
-- Those that are remembered. Compared with many rows of a case, they cost less than the function.
create or replace function kith_cases_seen() returns bigint[]
language plpgsql stable as
$$
declare
    known text := current_setting('kith.casework_case_seen', true);
    mark text := {SEEN_BY};
begin
    if not coalesce(starts_with(known, mark), false) then
        return '{{}}';
    end if;
    return string_to_array(rtrim(substr(known, length(mark) + 1), '|'), '|')::bigint[];
end
$$;

-- Remembers which of some cases are seen, by one question for all of them.
create or replace function kith_cases_told(numbers bigint[]) returns boolean
language plpgsql stable as
$$
begin
    perform set_config(
        'kith.casework_case_seen', concat({SEEN_BY}, string_agg(seen.id || '|', '')), true
    ) from public.casework_case seen where seen.id = any(numbers);
    return true;
end
$$;
"""
)


def ask_instead(asked: str, *, all_else: str = "") -> str:
    """Return what makes policies anew that ask of a case in a way of before, found by a pattern."""
    return rf"""
do $$
declare
    policy record;
    asked constant text := '{asked}';
    instead constant text := '({all_else}{CASE_IS_SEEN.format(chr(92) + "1")})';
begin
    for policy in
        select polname, polrelid::regclass as guarded,
            pg_get_expr(polqual, polrelid) as lets_see,
            pg_get_expr(polwithcheck, polrelid) as lets_write
        from pg_policy
        where concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
            !~ 'kith_cases_seen'
    loop
        if policy.lets_see ~ asked then
            execute format('alter policy %I on %s using (%s)', policy.polname, policy.guarded,
                regexp_replace(policy.lets_see, asked, instead, 'g'));
        end if;
        if policy.lets_write ~ asked then
            execute format('alter policy %I on %s with check (%s)', policy.polname, policy.guarded,
                regexp_replace(policy.lets_write, asked, instead, 'g'));
        end if;
    end loop;
end
$$;
"""


def asking(function: str, question: str) -> migrations.RunSQL:
    """Return the step that makes a function of one number, `$1`, which answers a question about it.

    For what lets few people see a row: as a part of the policy it would be planned and begun again
    in every question of all others. The function asks with the rights of whoever asks.
    """
    return migrations.RunSQL(
        f"""
        create or replace function {function}(number bigint) returns boolean
        language plpgsql stable cost 1000 set search_path = public, pg_temp as
        $$ begin return exists ({question}); end $$;
        """,
        migrations.RunSQL.noop,
    )


def sees_by(table: str, see: str) -> migrations.RunSQL:
    """Return the step that lets other rows of a guarded table be seen, and leaves all else."""
    return migrations.RunSQL(
        f"""
        alter policy {table}_see on {table} using ({see});
        alter policy {table}_change on {table} with check ({see});
        """,
        migrations.RunSQL.noop,
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
        cursor.execute("select relname from pg_class where relname in ('kith_walls', 'kith_named')")
        refused += [(table, "all") for (table,) in cursor.fetchall()]
        for table, what in refused:
            cursor.execute(f'revoke {what} on "{table}" from {roles}')


# --- Records kept to named people -----------------------------------------------------------------


def not_hidden(column: str, kind: str = "family") -> str:
    """Rows whose family, address or person (`kind`) is not hidden from the viewer."""
    return f"{column} <> all((select kith_hidden('{kind}'))::bigint[])"


NOBODY_HIDDEN = "(select cardinality(kith_hidden('family')) = 0)"
# Of people of hidden families it is asked whether they belong to another one too. Asked of a
# function, whose plan is kept: as a question within each question about people it took longer to
# plan than they take to answer.
OF_SOMEBODY_SEEN = not_hidden("{0}", "person") + " or kith_belongs({0})"
# Beside the tables with a column `family_id`: what a row must be, to be seen by a viewer from whom
# something is hidden.
WALLS = {
    "families_family": not_hidden("families_family.id"),
    "families_address": not_hidden("families_address.family_id")
    + " and "
    + not_hidden("families_address.id", "address"),
    "families_person": OF_SOMEBODY_SEEN.format("families_person.id"),
    "families_contactdetail": OF_SOMEBODY_SEEN.format("families_contactdetail.person_id"),
    "families_notsame": OF_SOMEBODY_SEEN.format("families_notsame.first_id"),
    # Who watches over the log sees that a record is restricted and who looked, and not what the
    # entries tell of the family.
    "audit_entry": "(audit_entry.family_id is null or "
    + not_hidden("audit_entry.family_id")
    + f" or ({may('audit.see_all')} and (audit_entry.what like 'restriction.%'"
    " or audit_entry.what like 'family.emergency%' or audit_entry.what like 'emergency.%')))"
    " and (audit_entry.subject_kind <> 'families.address'"
    " or audit_entry.subject_id <> all((select kith_hidden('address'))::text[]))"
    " and (audit_entry.what <> 'referral.updated_by_sender'"
    " or " + not_hidden("audit_entry.family_id", "masked") + ")",
    "audit_sight": not_hidden("audit_sight.family_id") + f" or {may('audit.see_all')}",
    "families_emergencyaccess": not_hidden("families_emergencyaccess.family_id")
    + f" or {may('emergency.review')}",
    "families_restriction": not_hidden("families_restriction.family_id")
    + f" or {may('audit.see_all')}",
    # Whoever sent a request knows of it.
    "referrals_referral": not_hidden("referrals_referral.family_id")
    + f" or {is_me('referrals_referral.sender_id')}"
    " or referrals_referral.id = (select kith_linked('referral'))",
    "referrals_filerow": f"{NOBODY_HIDDEN} or referrals_filerow.referral_id is null"
    f" or {visible('referrals_referral', 'referrals_filerow.referral_id')}",
}
# A message is about a row that is seen with its family.
ABOUT = {
    "referral": "referrals_referral",
    "case": "casework_case",
    "plannedaction": "casework_plannedaction",
    "familypage": "casework_familypage",
    "minutes": "casework_minutes",
    "sending": "referrals_sending",
    "servicepage": "casework_servicepage",
    "stepup": "casework_stepup",
    "teammeeting": "casework_teammeeting",
    "teammember": "casework_teammember",
    "teampage": "casework_teampage",
}


def wall_restricted() -> None:
    """Hide restricted records from all but those named, in every table that tells of a family.

    Run by the owner after every migration, so that no table is forgotten: whatever has row security
    and a column `family_id` is walled. A policy is made anew only where it has changed.
    """
    with connection.cursor() as cursor:
        cursor.execute("select to_regprocedure('kith_hidden(text)') is not null")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(
            "select relation.relname::text from pg_class relation join pg_attribute held"
            " on held.attrelid = relation.oid and held.attname = 'family_id'"
            " where relation.relrowsecurity and relation.relkind = 'r'"
            " and relation.relname not like '%event'"
        )
        walls = {
            table: f"{table}.family_id is null or {not_hidden(f'{table}.family_id')}"
            for (table,) in cursor.fetchall()
        }
        cursor.execute("select relname::text from pg_class where relrowsecurity")
        guarded = {table for (table,) in cursor.fetchall()}
        walls |= {table: wall for table, wall in WALLS.items() if table in guarded}
        walls["notices_notice"] = f"{NOBODY_HIDDEN} or case notices_notice.about_kind" + "".join(
            f" when '{kind}' then {visible(table, 'notices_notice.about_id')}"
            for kind, table in ABOUT.items()
            if table in guarded
        )
        walls["notices_notice"] += " else true end"
        cursor.execute(
            "select tablename, obj_description(policy.oid) from pg_policies"
            " join pg_policy policy on policy.polname = policyname"
            " and policy.polrelid = (schemaname || '.' || tablename)::regclass"
            " where policyname like '%\\_restricted'"
        )
        have = dict(cursor.fetchall())
        for table, wall in walls.items():
            mark = hashlib.sha256(wall.encode()).hexdigest()[:16]
            if have.get(table) == mark:
                continue
            cursor.execute(f"drop policy if exists {table}_restricted on {table}")
            cursor.execute(
                f"create policy {table}_restricted on {table} as restrictive for select"
                f" using ({wall})"
            )
            cursor.execute(f"comment on policy {table}_restricted on {table} is '{mark}'")


# Whether the viewer sees a person; and, with the rights of whoever asks, whether they see that a
# person belongs to any family. Who belongs to a hidden family, or did, is written down beside it
# (`kith_walls`, kind `person`), until it is open again: only of those must the latter be asked.
PEOPLE_SEEN = (
    _remembering("kith_person_seen", "person", "families_person")
    + """
create or replace function kith_belongs(person bigint) returns boolean
language plpgsql stable set search_path = public, pg_temp as
$$ begin
    return exists (select from families_membership held where held.person_id = kith_belongs.person);
end $$;

create or replace function kith_forget_seen() returns trigger language plpgsql as
$$
begin
    perform set_config('kith.families_person_seen', '', true);
    perform set_config('kith.casework_case_seen', '', true);
    return null;
end
$$;

create or replace function kith_wall() returns trigger
language plpgsql security definer set search_path = public, pg_temp as
$$
begin
    -- Somebody may be joining the family in this moment: see `kith_wall_joined`.
    perform pg_advisory_xact_lock(hashtextextended('wall/' || new.family_id, 0));
    delete from kith_walls
        where restriction = new.id and (kind <> 'person' or new.ended_at is not null);
    if new.ended_at is null and new.address_id is null then
        insert into kith_walls (restriction, kind, thing) values (new.id, 'family', new.family_id);
        insert into kith_walls (restriction, kind, thing)
            select new.id, 'person', held.person_id from families_membership held
            where held.family_id = new.family_id
            on conflict do nothing;
    elsif new.ended_at is null then
        insert into kith_walls (restriction, kind, thing) values
            (new.id, 'address', new.address_id), (new.id, 'masked', new.family_id);
    end if;
    return null;
end
$$;
create or replace function kith_wall_joined() returns trigger
language plpgsql security definer set search_path = public, pg_temp as
$$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('wall/' || new.family_id, 0));
    insert into kith_walls (restriction, kind, thing)
        select wall.restriction, 'person', new.person_id from kith_walls wall
        where wall.kind = 'family' and wall.thing = new.family_id
        on conflict do nothing;
    return null;
end
$$;
drop trigger if exists wall on families_membership;
create trigger wall after insert or update of family_id, person_id on families_membership
    for each row execute function kith_wall_joined();
"""
    + forgets("families_standing")
    + forgets("families_membership")
)
# What is hidden from the viewer, as `REMEMBERED` remembers. Plain tables of numbers, which the
# application may not even read, are written by triggers as somebody restricts or names.
HIDDEN = (
    """
create table kith_walls (
    restriction bigint not null,
    kind text not null,
    thing bigint not null,
    primary key (kind, thing, restriction)
);
create table kith_named (
    restriction bigint not null, person bigint not null, primary key (person, restriction)
);

create function kith_hidden(kind text) returns bigint[]
language plpgsql stable security definer set search_path = public, pg_temp as
$$
declare
    who bigint := kith_viewer();
    place text;
    mark text;
    known text;
    hidden bigint[];
begin
    if who is null then
        return '{}';
    end if;
    place := 'kith.hidden_' || kith_hidden.kind;
    mark := who || '/' || coalesce(current_setting('kith.rights', true), '') || '/';
    known := current_setting(place, true);
    if starts_with(known, mark) then
        return substr(known, length(mark) + 1)::bigint[];
    end if;
    select coalesce(array_agg(wall.thing), '{}') into hidden
    from kith_walls wall
    where wall.kind = kith_hidden.kind
      and not exists (
        select from kith_named named
        where named.restriction = wall.restriction and named.person = who
      )
      and not exists (select from accounts_user me where me.id = who and me.is_service);
    perform set_config(place, mark || hidden::text, true);
    return hidden;
end
$$;

create function kith_name() returns trigger
language plpgsql security definer set search_path = public, pg_temp as
$$
begin
    delete from kith_named where restriction = new.restriction_id and person = new.user_id;
    insert into kith_named (restriction, person)
        select named.restriction_id, named.user_id
        from (values (new.restriction_id, new.user_id, new.ended_at))
            as named (restriction_id, user_id, ended_at)
        where named.ended_at is null;
    return null;
end
$$;
create trigger named after insert or update on families_named
    for each row execute function kith_name();
create trigger rights_changed after insert or update or delete on families_named
    for each statement execute function kith_rights_changed();
"""
    + PEOPLE_SEEN
    + """
create trigger wall after insert or update on families_restriction
    for each row execute function kith_wall();
create trigger rights_changed after insert or update or delete on families_restriction
    for each statement execute function kith_rights_changed();
"""
)
NOTHING_HIDDEN = """
drop trigger wall on families_restriction;
drop trigger rights_changed on families_restriction;
drop trigger named on families_named;
drop trigger rights_changed on families_named;
drop function kith_wall, kith_name, kith_wall_joined, kith_forget_seen cascade;
drop function kith_hidden, kith_belongs, kith_person_seen cascade;
drop table kith_walls, kith_named;
"""

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
