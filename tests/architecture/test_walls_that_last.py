"""The third wall on connections that commit: nothing of one request is left for the next."""

import psycopg
import pytest
from django.db import connection, transaction

from tests.factories.accounts import make_team, make_user


def test_the_setting_is_gone_after_the_transaction(fresh_database):
    with psycopg.connect(fresh_database("kith_app"), autocommit=True) as plain:
        (number,) = plain.execute(
            "select id from accounts_user where email = 'front-door@kith.internal'"
        ).fetchone()
        for outcome in ("commit", "rollback"):
            plain.execute("begin")
            plain.execute("select set_config('kith.viewer', %s, true)", [str(number)])
            assert plain.execute("select kith_may('family.see_all')").fetchone() == (True,)
            plain.execute(outcome)
            assert plain.execute("select kith_viewer(), kith_may('family.see_all')").fetchone() == (
                None,
                False,
            )


def test_even_the_owner_is_bound_by_the_policies_and_the_triggers(fresh_database):
    with psycopg.connect(fresh_database("kith_owner"), autocommit=True) as owner:
        owner.execute(
            'insert into audit_sight (id, at, viewer_id, viewer_name, family_id, page, "right") '
            "values (gen_random_uuid(), now(), 1, 'x', 1, 'x', '')"
        )
        assert owner.execute("select count(*) from audit_sight").fetchone() == (0,)
        assert owner.execute("update audit_sight set page = 'y'").rowcount == 0
        assert owner.execute("delete from audit_sight").rowcount == 0
        with pytest.raises(psycopg.DatabaseError, match="append only"):
            owner.execute("truncate audit_sight")
        # Even with the policies out of the way the triggers refuse.
        owner.execute("alter table audit_sight no force row level security")
        with pytest.raises(psycopg.DatabaseError, match="Cannot update or delete"):
            owner.execute("update audit_sight set page = 'y'")
        with pytest.raises(psycopg.DatabaseError, match="Cannot update or delete"):
            owner.execute("delete from audit_sight")


def test_one_requests_viewer_is_not_the_next_requests(fresh_database, client):
    """On the same persistent connection, as a web worker keeps it."""
    with transaction.atomic():
        worker = make_user("hub_worker", make_team())
    client.force_login(worker)
    client.get("/cookies/")
    before = ask("select pg_backend_pid()")
    with connection.execute_wrapper(signed_in := Viewers()):
        client.get("/cookies/")
    client.logout()
    with connection.execute_wrapper(signed_out := Viewers()):
        client.get("/cookies/")

    assert signed_in.viewers == [str(worker.pk)]
    assert signed_out.viewers == [""]
    assert ask("select pg_backend_pid()") == before, "the same connection"
    assert ask("select kith_viewer()") == (None,)


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


class Viewers:
    """Notes for whom each request says it works."""

    def __init__(self):
        self.viewers = []

    def __call__(self, execute, statement, params, many, context):
        if "set_config('kith.viewer'" in statement:
            self.viewers.append(params[0])
        return execute(statement, params, many, context)
