"""The third wall, with raw SQL on the application's own connection."""

import pytest
from django.db import DatabaseError, connection, transaction

from kith.accounts.actions import hash_of, make_link
from kith.accounts.viewer import clock, front_door, see_as
from tests.architecture.personal_data import ROWS, TABLES
from tests.architecture.rows import NOON, make_county
from tests.architecture.test_personal_data import all_models, guarded_tables, histories
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

NOT_OF_A_FAMILY = {
    "notices_notice",
    "jobs_job",
    "jobs_checkpoint",
    "referrals_draft",
    "referrals_receipt",
    "referrals_requestfile",
    "referrals_filerow",
    "referrals_withheldaddress",  # seen by nobody but the front door and the clock
    "returns_return",
    "returns_returnfile",
    "returns_tomend",
    "field_device",
    "field_sent",
    "casework_supervisiondraft",  # its writer alone
}


@pytest.fixture
def county():
    return make_county()


def sql(statement, values=()):
    """Run a statement as whoever the transaction works for, and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def keys_in(table):
    primary = next(
        model._meta.pk.column
        for model in [*all_models(), *histories()]
        if model._meta.db_table == table
    )
    return {key for (key,) in sql(f'select "{primary}" from "{table}"')}


def refused(statement, values=()):
    """Run a statement that must fail, and return why."""
    with pytest.raises(DatabaseError) as failure, transaction.atomic():
        sql(statement, values)
    return str(failure.value)


def test_the_application_connects_as_a_role_that_owns_nothing_and_is_bound_by_the_policies():
    assert sql("select current_user") == [("kith_app",)]
    assert sql(
        "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'kith_app'"
    ) == [(False, False, False)]
    assert sql("select relname from pg_class where pg_get_userbyid(relowner) = 'kith_app'") == []
    assert sql("select pg_has_role('kith_app', 'kith_owner', 'member')") == [(False,)]


def test_without_a_viewer_every_guarded_table_is_empty(county):
    see_all = [front_door(), county.desk, county.dpo, county.here.worker, county.here.sender]
    see_all += [county.room.officer, county.room.councillor, clock()]
    filled = set()
    for viewer in see_all:
        see_as(viewer)
        filled |= {table for table in guarded_tables() if keys_in(table)}
    assert filled == set(guarded_tables()), "make_county makes a row in every guarded table"

    see_as(None)

    assert {table: keys_in(table) for table in guarded_tables() if keys_in(table)} == {}


def test_somebody_who_has_no_role_sees_no_more_than_nobody(county):
    see_as(county.stranger)

    assert {table: keys_in(table) for table in guarded_tables() if keys_in(table)} == {}


@pytest.mark.parametrize("who", ["worker", "manager"])
def test_a_hub_sees_what_belongs_to_its_own_families_only(county, who):
    see_as(getattr(county.here, who))

    for table, theirs in county.there.rows.items():
        assert not keys_in(table) & theirs, table
    for table, own in county.here.rows.items():
        if table in NOT_OF_A_FAMILY | {"families_emergencyaccess"} or table.startswith("audit_"):
            continue
        assert own <= keys_in(table), table


def test_the_history_of_a_row_is_seen_by_whoever_sees_the_row(county):
    see_as(county.here.worker)
    families = sql("select distinct pgh_obj_id from families_familyevent")
    see_as(county.there.worker)
    others = sql("select distinct pgh_obj_id from families_familyevent")

    assert families == [(county.here.family.pk,)]
    assert others == [(county.there.family.pk,)]


def test_a_partner_sees_its_own_requests_and_no_family(county):
    see_as(county.here.sender)

    assert keys_in("referrals_referral") == {county.here.referral.pk}
    assert keys_in("referrals_step") == county.here.rows["referrals_step"]
    assert keys_in("referrals_draft") == county.here.rows["referrals_draft"]
    assert keys_in("families_family") == set()
    assert keys_in("families_person") == set()
    assert keys_in("casework_note") == set()
    # Of a case, a partner sees the actions that it owns itself.
    assert keys_in("casework_plannedaction") == county.here.rows["casework_plannedaction"]


def test_the_county_desk_sees_every_request_and_the_administrator_sees_none(county):
    both = {county.here.referral.pk, county.there.referral.pk}
    see_as(county.desk)
    assert keys_in("referrals_referral") == both
    assert keys_in("families_family") == {county.here.family.pk, county.there.family.pk}

    see_as(county.administrator)
    assert keys_in("referrals_referral") == set()
    assert keys_in("families_family") == set()


def test_the_log_is_read_by_the_officer_and_by_the_managers_of_the_familys_hub(county):
    see_as(county.dpo)
    assert county.here.rows["audit_sight"] | county.there.rows["audit_sight"] <= keys_in(
        "audit_sight"
    )
    assert keys_in("families_family") == set(), "the officer reads the log, not the families"

    see_as(county.here.manager)
    assert keys_in("audit_entry") == county.here.rows["audit_entry"]
    assert keys_in("audit_sight") == county.here.rows["audit_sight"]

    see_as(county.here.worker)
    assert keys_in("audit_entry") == set()


def test_a_one_time_link_opens_its_own_request_and_nothing_else(county):
    see_as(front_door())
    secret = make_link(
        purpose="referral", subject_id=county.here.referral.pk, sent_to="a@b.example", at=NOON
    )

    see_as(None, link_hash=hash_of(secret))
    assert keys_in("referrals_referral") == {county.here.referral.pk}
    assert keys_in("referrals_step") == county.here.rows["referrals_step"]
    assert keys_in("families_person") == set()

    see_as(None, link_hash=hash_of(secret + "x"))
    assert keys_in("referrals_referral") == set()


def test_what_is_said_of_a_worker_is_seen_by_the_two_who_talked_and_by_whoever_manages(county):
    held, drafts = (county.here.rows[f"casework_supervision{one}"] for one in ("", "draft"))
    colleague = make_user("hub_worker", county.here.hub, "Colleague")
    successor = make_user("hub_manager", county.here.hub, "Successor")
    for viewer in (county.here.worker, county.here.manager, successor):
        see_as(viewer)
        assert keys_in("casework_supervision") == held
        assert keys_in("casework_supervisionaddition")
    for viewer in (colleague, county.desk, county.lead, county.dpo, county.there.manager):
        see_as(viewer)
        assert not keys_in("casework_supervision") & held, viewer
        assert not (
            keys_in("casework_supervisionaddition")
            & county.here.rows["casework_supervisionaddition"]
        ), viewer
    # What the manager has not saved is nobody's but theirs.
    for viewer in (county.here.worker, colleague, successor, county.there.manager):
        see_as(viewer)
        assert not keys_in("casework_supervisiondraft") & drafts, viewer
    see_as(county.here.manager)
    assert keys_in("casework_supervisiondraft") == drafts
    # What was said of the case is the family's, and seen with it.
    see_as(colleague)
    assert keys_in("casework_casereflection") == county.here.rows["casework_casereflection"]


def test_a_supervision_is_written_only_by_its_own_manager(county):
    mine = county.here
    add = (
        "insert into casework_supervision (team_id, worker_id, manager_id, held_on, words, recorded_at) "
        "values (%s, %s, %s, '2026-11-02', 'x', now())"
    )
    see_as(mine.worker)
    assert "row-level security" in refused(add, [mine.hub.pk, mine.worker.pk, mine.manager.pk])
    see_as(county.there.manager)
    assert "row-level security" in refused(
        add, [mine.hub.pk, mine.worker.pk, county.there.manager.pk]
    )
    see_as(mine.manager)
    sql(add, [mine.hub.pk, mine.worker.pk, mine.manager.pk])

    reflect = (
        "insert into casework_casereflection (supervision_id, case_id, held_on, worker_id, manager_id, "
        "words, by_id, recorded_at) values (%s, %s, '2026-11-02', %s, %s, 'x', %s, now())"
    )
    theirs = min(county.there.rows["casework_supervision"])
    assert "row-level security" in refused(
        reflect, [theirs, mine.case.pk, mine.worker.pk, mine.manager.pk, mine.manager.pk]
    )


def test_rows_cannot_be_added_to_the_other_hubs_families(county):
    see_as(county.here.worker)
    mine, theirs = county.here, county.there
    note = (
        "insert into casework_note (case_id, happened_at, words, child_seen, by_id, recorded_at) "
        "values (%s, now(), 'x', false, %s, now())"
    )
    sql(note, [mine.case.pk, mine.worker.pk])
    assert "row-level security" in refused(note, [theirs.case.pk, mine.worker.pk])

    address = (
        "insert into families_address (family_id, lines, postcode, safe) values (%s, 'x', '', true)"
    )
    sql(address, [mine.family.pk])
    assert "row-level security" in refused(address, [theirs.family.pk])

    # An update of everything changes what is one's own, and nothing else.
    sql("update families_address set lines = 'changed'")
    see_as(theirs.worker)
    assert ("changed",) not in sql("select lines from families_address")


@pytest.mark.parametrize("table", ["casework_case", "referrals_step", "families_membership"])
def test_a_copy_of_a_row_of_the_other_hub_is_refused_table_by_table(county, table):
    """Whatever the columns are: the same row, once more, by somebody who does not see it."""
    see_as(front_door())
    columns = [
        name
        for (name,) in sql(
            "select column_name from information_schema.columns where table_name = %s "
            "and column_name <> 'id' order by 1",
            [table],
        )
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    (row,) = sql(f'select {names} from "{table}" where id = %s', [min(county.there.rows[table])])

    see_as(county.here.worker)

    places = ", ".join(["%s"] * len(columns))
    assert "row-level security" in refused(
        f'insert into "{table}" ({names}) values ({places})', row
    )


def test_nobody_gives_themselves_standing_with_a_family(county):
    add = (
        "insert into families_standing (family_id, team_id, user_id, reason, since, until) "
        "values (%s, %s, %s, %s, now(), now() + %s::interval)"
    )
    theirs, worker = county.there.family.pk, county.here.worker

    see_as(worker)
    assert "row-level security" in refused(
        add, [theirs, county.here.hub.pk, None, "case", "1 year"]
    )
    assert "row-level security" in refused(add, [theirs, None, worker.pk, "case", "1 hour"])
    assert "row-level security" in refused(add, [theirs, None, worker.pk, "emergency", "1 year"])
    see_as(county.here.sender)
    assert "row-level security" in refused(
        add, [theirs, None, county.here.sender.pk, "emergency", "1 hour"]
    )
    see_as(worker)
    sql(add, [theirs, None, worker.pk, "emergency", "1 hour"])
    assert theirs in keys_in("families_family")


def test_what_an_update_leaves_behind_must_still_be_ones_own(county):
    see_as(county.here.worker)

    assert "row-level security" in refused(
        "update families_address set family_id = %s", [county.there.family.pk]
    )


def test_a_covered_colleagues_families_are_seen_while_the_cover_lasts(county):
    worker, absent = county.here.worker, county.there.worker
    add = (
        "insert into accounts_cover (absent_id, covered_by_id, since, until, reason, agreed_by_id) "
        "values (%s, %s, current_date - 3, current_date + %s, '', %s)"
    )
    sql(add, [absent.pk, worker.pk, -1, absent.pk])
    see_as(worker)
    assert county.there.family.pk not in keys_in("families_family")

    sql(add, [absent.pk, worker.pk, 2, absent.pk])
    assert county.there.family.pk in keys_in("families_family")


def test_an_ended_role_and_an_ended_person_see_nothing_at_once(county):
    see_as(county.here.worker)
    assert keys_in("families_family")

    sql("update accounts_user set is_active = false where id = %s", [county.here.worker.pk])
    assert not keys_in("families_family")

    see_as(county.here.manager)
    assert keys_in("families_family")
    sql(
        "update accounts_membership set until = current_date where user_id = %s",
        [county.here.manager.pk],
    )
    assert not keys_in("families_family")


@pytest.mark.parametrize("table", ["audit_entry", "audit_sight", "families_familyevent"])
def test_the_log_and_the_history_cannot_be_rewritten_by_the_application(county, table):
    for viewer in (county.dpo, county.here.manager):
        see_as(viewer)
        assert "permission denied" in refused(f"delete from {table}")
        assert "permission denied" in refused(f"truncate {table}")
        column = "pgh_label" if table.endswith("event") else "at"
        assert "permission denied" in refused(f"update {table} set {column} = {column}")


def test_every_append_only_table_is_so_for_the_application():
    from kith.accounts.apps import _append_only_tables

    held = [
        (table, right)
        for table in _append_only_tables()
        for right in ("update", "delete", "truncate")
        if sql("select has_table_privilege('kith_app', %s, %s)", [table, right]) == [(True,)]
        or sql("select has_table_privilege('kith_worker', %s, %s)", [table, right]) == [(True,)]
    ]
    assert held == []


def test_the_application_cannot_unlock_the_walls():
    for statement, why in [
        ("truncate families_family cascade", "permission denied"),
        ("alter table families_family disable row level security", "must be owner"),
        ("alter table families_family no force row level security", "must be owner"),
        ("drop policy families_family_see on families_family", "must be owner"),
        ("create policy mine on families_family using (true)", "must be owner"),
        ("alter table audit_entry disable trigger all", "must be owner"),
        ("drop table audit_entry", "must be owner"),
        ("set role kith_owner", "permission denied"),
        ("set session authorization kith_owner", "permission denied"),
        ("alter role kith_app bypassrls", "attribute"),
        ("grant kith_owner to kith_app", "permission denied"),
        (
            "create or replace function kith_may(permission text) returns boolean "
            "language sql as 'select true'",
            "permission denied",
        ),
        ("create table public.copy as select 1", "permission denied"),
        (
            "insert into accounts_rolegrant (role, permission) values ('referrer', 'family.see')",
            "permission denied",
        ),
        ("update accounts_rolegrant set role = 'referrer'", "permission denied"),
    ]:
        assert why in refused(statement), statement


def test_turning_row_security_off_turns_reading_into_an_error(county):
    sql("set local row_security = off")

    assert "row-level security" in refused("select * from families_family")


def test_a_look_alike_in_a_temporary_schema_does_not_fool_the_policies(county):
    sql(
        "create temp table accounts_rolegrant as select 'hub_worker' as role, 'family.see_all' as permission"
    )
    sql("set local search_path = pg_temp, public")

    see_as(county.here.worker)

    assert keys_in("families_family") == {county.here.family.pk}


def test_the_classification_names_no_table_without_a_wall_by_mistake():
    assert {name.split(".")[0] for name, table in TABLES.items() if table.wall is ROWS} >= {
        "families",
        "referrals",
        "casework",
        "audit",
    }
