"""The interface under two threads at once, on a database that commits."""

import threading

import psycopg
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


def test_the_limit_is_one_for_all_processes_and_a_slow_answer_makes_no_other_wait(
    fresh_database, settings
):
    settings.KITH_API_PER_MINUTE = 10
    school = make_partner_system()
    answers = []

    def ask(path, times):
        try:
            answers.extend(school.get(path).status_code for _ in range(times))
        finally:
            connections.close_all()

    # One answer takes long: its own connection stands and waits for the list of needs.
    with psycopg.connect(fresh_database("kith_app")) as slow:
        slow.execute("lock table referrals_need in access exclusive mode")
        waiting = threading.Thread(target=ask, args=("needs", 1))
        waiting.start()
        others = [threading.Thread(target=ask, args=("requests", 8)) for _ in range(2)]
        for thread in others:
            thread.start()
        for thread in others:
            thread.join(20)
        answered_meanwhile = len(answers)
    waiting.join(20)

    assert answered_meanwhile == 16
    assert sorted(answers) == [200] * 10 + [429] * 7
