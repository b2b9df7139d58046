"""The feed keeps to its own description, whatever is sent: schemathesis tries."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kith.directory import openapi
from kith.directory.actions import set_up_terms
from kith.wsgi import application
from tests.factories.directory import make_place, make_service
from tests.factories.places import make_places

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
BOUNDED = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
schema = schemathesis.openapi.from_dict(
    json.loads(json.dumps(openapi.description("http://127.0.0.1/api/oruk/v3")))
)
schema.app = application


@pytest.fixture
def feed():
    make_places()
    set_up_terms()
    make_service("Play", place=make_place(address="1 Mill Lane"), when={}, kind="Activities")
    # The test's one transaction must outlive the requests, as in Django's own test client.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@BOUNDED
def test_every_answer_is_one_that_is_described(case, feed):
    case.call_and_validate(checks=CHECKS)
