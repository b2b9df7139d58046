"""The interface under two threads at once, on a database that commits."""

import threading

from django.db import connection, connections

from tests.factories.partner_systems import A_REQUEST, make_partner_system


def test_two_identical_requests_in_one_moment_are_one(fresh_database):
    school = make_partner_system()
    ready = threading.Barrier(2)
    answers = []

    def send():
        ready.wait()
        try:
            answers.append(school.post("requests", A_REQUEST, key="one"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert len({answer.json()["reference"] for answer in answers}) == 1
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from accounts_apikey where last_used_at is not null")
        assert cursor.fetchone() == (1,)
