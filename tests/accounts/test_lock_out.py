"""A lock-out counts in the database cache that all workers share, also for tries at one moment."""

from concurrent.futures import ThreadPoolExecutor

from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client

from tests.factories.accounts import make_team, make_user

EMAIL, PASSWORD = "worker@kith.example", "correct horse battery"


def try_to_sign_in(password: str) -> bool:
    """One worker's request, on a connection of its own."""
    try:
        client = Client()
        client.post("/accounts/login/", {"login": EMAIL, "password": password})
        return "_auth_user_id" in client.session
    finally:
        connections.close_all()


def test_wrong_passwords_at_the_same_moment_on_many_workers_all_count(fresh_database):
    with transaction.atomic():
        make_user("hub_worker", make_team("Banbury"), email=EMAIL)
    assert try_to_sign_in(PASSWORD)

    with ThreadPoolExecutor(4) as workers:
        assert not any(workers.map(try_to_sign_in, ["wrong"] * 8))

    assert not try_to_sign_in(PASSWORD), "five were wrong, whoever counted them"
    cache.clear()
    assert try_to_sign_in(PASSWORD)


def test_filling_the_cache_does_not_forget_a_lock_out(fresh_database):
    with transaction.atomic():
        make_user("hub_worker", make_team("Banbury"), email=EMAIL)
    for _ in range(5):
        try_to_sign_in("wrong")

    for number in range(310):
        cache.set(f"filling-{number}", number)

    assert not try_to_sign_in(PASSWORD)


def test_asking_too_often_for_a_new_password_gets_a_kind_page(fresh_database):
    client = Client()
    answers = [
        client.post("/accounts/password/reset/", {"email": f"n{number}@kith.example"})
        for number in range(21)
    ]

    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429
    assert "wait five minutes" in answers[-1].content.decode()
    # Another visitor is not kept out.
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/accounts/password/reset/", {"email": EMAIL}).status_code == 302
