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

    for number in range(400):
        cache.set(f"filling {number}", number)

    assert not try_to_sign_in(PASSWORD)
