"""The front door for partners' systems: JSON over HTTP, described at `/api/v1/openapi.json`.

A key in `Authorization: Bearer` says which partner asks; there are no cookies and no sessions.
Every answer that is not what was asked for is a problem detail (RFC 9457).
"""

import functools
import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, re_path, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja import Field, Header, NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import BeforeValidator, ConfigDict, StrictBool, StrictInt

from kith.accounts.actions import use_api_key
from kith.accounts.viewer import see_as
from kith.partners import queries as partners
from kith.referrals import actions, queries, requests
from kith.referrals.requests import NewAdult, NewChild, NewRequest
from kith.referrals.summary import state_for_sender

if TYPE_CHECKING:
    from kith.accounts.models import ApiKey
    from kith.referrals.models import Referral

log = logging.getLogger("kith.referrals.api")
PREFIX = "/api/v1/"
LONGEST_BODY = 1024 * 1024
REFERENCE = re.compile(r"R-\d{4}-\d{6,9}")
PROBLEM = "application/problem+json"
TAKE_A_BODY = {"requests", "requests/<reference>/answer", "requests/<reference>/withdraw"}
PER_PAGE = 50


# What may be asked


class Given(Schema):
    """Something a partner sends: a name we do not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


def _only_text(value: object) -> object:
    if value is not None and not isinstance(value, str):
        raise ValueError("Enter a date as text, like 2014-03-27")
    return value


Day = Annotated[date, BeforeValidator(_only_text)]


def _one_of(choices: Mapping[str, str] | tuple[str, ...], default: Any = ...) -> Any:
    return Field(default, json_schema_extra={"enum": list(choices)})


def _some_of(choices: Mapping[str, str]) -> Any:
    listed = {"items": {"type": "string", "enum": list(choices)}}
    return Field(default_factory=list, max_length=20, json_schema_extra=listed)


class Child(Given):
    """A child or young person. Give the date of birth, or the date a baby is expected."""

    given_names: str = Field("", max_length=100)
    family_name: str = Field(max_length=100)
    date_of_birth: Day | None = None
    expected_on: Day | None = None
    sex: str = _one_of(requests.SEXES, "U")
    ethnicity: str = Field("", max_length=4, description="DfE code, such as WBRI")
    school_urn: StrictInt | None = Field(
        None, ge=1, le=9_999_999, description="The school's number in the national register"
    )
    school_name: str = Field("", max_length=200, description="Where the school has no number")
    year_group: str = Field("", max_length=20)
    young_carer: StrictBool = False


class Adult(Given):
    """A parent, carer or other adult of the household."""

    given_names: str = Field(max_length=100)
    family_name: str = Field(max_length=100)
    role: str = _one_of(requests.ADULT_ROLES, "carer")
    date_of_birth: Day | None = None
    parental_responsibility: StrictBool | None = None
    lives_here: StrictBool = True
    phone: str = Field("", max_length=40)
    phone_safe: StrictBool = Field(True, description="false where somebody unsafe may answer")
    email: str = Field("", max_length=254)
    email_safe: StrictBool = Field(
        True,
        description="false where somebody unsafe may read it. Where `contact_by` has `email`, the "
        "adult who agreed is sent the family’s own copy at this address",
    )


class Request(Given):
    """A request that a family be offered help."""

    sender_name: str = Field(max_length=200, description="The person who asks, for us to ring")
    sender_role: str = Field("", max_length=200)
    sender_email: str = Field("", max_length=254)
    sender_phone: str = Field("", max_length=40)
    sender_reference: str = Field("", max_length=100, description="Your own number for it")
    urgent: StrictBool = Field(
        False,
        description="A child may be at risk of harm: the county desk is alerted. "
        "If a child is in danger now, ring 999.",
    )
    children: list[Child] = Field(min_length=1, max_length=requests.MOST_CHILDREN)
    adults: list[Adult] = Field(default_factory=list, max_length=requests.MOST_ADULTS)
    address: str = Field("", max_length=500)
    postcode: str = Field("", max_length=10)
    no_fixed_address: StrictBool = False
    worry: str = Field(max_length=requests.LONGEST_TEXT)
    going_well: str = Field("", max_length=requests.LONGEST_TEXT)
    tried: str = Field("", max_length=requests.LONGEST_TEXT)
    would_be_different: str = Field("", max_length=requests.LONGEST_TEXT)
    needs: list[str] = Field(min_length=1, max_length=20, description="Codes from /needs")
    main_need: str = Field("", max_length=50)
    groups: list[str] = _some_of(requests.GROUPS)
    basis: str = _one_of(("consent", "no_consent"))
    agreed_by: str = Field("", max_length=200)
    agreed_how: str = _one_of(("", *requests.AGREED_HOW), "")
    agreed_on: Day | None = None
    lawful_reason: str = Field("", max_length=requests.LONGEST_TEXT)
    agencies_told: list[str] = _some_of(requests.AGENCIES)
    outcome_may_be_told: StrictBool = True
    interpreter: str = Field("", max_length=60)
    contact_by: list[str] = _some_of(requests.CONTACT_BY)
    contact_advice: str = Field("", max_length=2000)
    post_is_safe: StrictBool = True


class Words(Given):
    """An answer to the desk's question."""

    words: str = Field(min_length=1, max_length=requests.LONGEST_TEXT)


class Reason(Given):
    """Why a request is taken back."""

    reason: str = Field(min_length=1, max_length=requests.LONGEST_TEXT)


# What is answered


class Step(Schema):
    at: datetime
    kind: str
    what: str = Field(description="In words")
    words: str = Field(description="What the desk or the hub says to you")


class Summary(Schema):
    reference: str
    sender_reference: str
    status: str
    status_text: str = Field(description="In words, as far as you were told what came of it")
    received_at: datetime
    decide_by: datetime = Field(description="When we promise to have decided")
    decided_at: datetime | None
    page: str = Field(description="Where a person can read about it")


class Full(Summary):
    steps: list[Step]


class Page(Schema):
    items: list[Summary]
    total: int
    page: int
    next: str | None = Field(description="Address of the next page")


class Need(Schema):
    code: str
    name: str
    primary_need: str = Field(description="DfE code, N0 to N9")
    safeguarding: bool


class ProblemPart(Schema):
    pointer: str = Field(description="Where in what you sent, as a JSON pointer")
    detail: str = Field(description="What to do")


class ProblemDetail(Schema):
    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemPart] = Field(default_factory=list)


# Problems


def problem(
    status: int, detail: str, errors: list[dict[str, str]] | None = None, **headers: str
) -> HttpResponse:
    """Return a problem detail. It never repeats what was sent."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(json.dumps(body), status=status, content_type=PROBLEM, headers=names)


def _refused(found: list[requests.Problem]) -> HttpResponse:
    errors = [
        {"pointer": "#/" + _outside(item.field).replace(".", "/"), "detail": item.message}
        for item in found
    ]
    return problem(422, "Some of this request cannot be taken. Each error says what to do.", errors)


def _outside(name: str) -> str:
    """Return what a field of a request is called in the interface."""
    return name.replace("school_id", "school_urn")


def too_many(seconds: int) -> HttpResponse:
    """Return the answer to a system that asks too often, and when to ask again."""
    said = f"Ask no more than {settings.KITH_API_PER_MINUTE} times a minute. Wait, and try again."
    return problem(429, said, Retry_After=str(seconds))


class Unsupported(Exception):
    """The body is not JSON."""


class PartnerKey(HttpBearer):
    """The key of a partner's system. The transaction then sees what that partner may see."""

    def authenticate(self, request: HttpRequest, token: str) -> "ApiKey | None":
        key = use_api_key(secret=token, at=timezone.now())
        if key is None:
            return None
        see_as(key.acts_as)
        return key


class Interface(NinjaAPI):
    """The interface, with problems described as what they are."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the description of the interface."""
        schema = super().get_openapi_schema(**{"path_prefix": PREFIX, **options})
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        content[PROBLEM] = content.pop("application/json")
                    answer["description"] = HTTPStatus(int(status)).phrase
        return schema


api = Interface(
    title="Kith: requests for help",
    version="1",
    description=(
        "Send requests for help from your own system, and follow what becomes of them. "
        "Ask the county for a key, and send it as `Authorization: Bearer <key>`."
    ),
    auth=PartnerKey(),
    docs_url=None,
    urls_namespace="api-v1",
)
PROBLEMS = dict.fromkeys((400, 401, 403, 404, 413, 415, 422, 429), ProblemDetail)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = []
    for item in error.errors:
        source, *where = item["loc"]
        if source == "body":
            # The first step is the name of our own argument.
            pointer = "#" + "".join(f"/{_escaped(step)}" for step in where[1:])
        else:
            pointer = f"{source}:{where[-1] if where else ''}"
        message = str(item["msg"]).removeprefix("Value error, ")
        errors.append({"pointer": pointer, "detail": message})
    return problem(422, "Some of this cannot be taken. Each error says where and why.", errors)


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    said = "Send the key that the county gave you as “Authorization: Bearer <key>”."
    return problem(401, said, WWW_Authenticate="Bearer")


@api.exception_handler(Unsupported)
def _unsupported(request: HttpRequest, error: Unsupported) -> HttpResponse:
    return problem(415, "Send JSON, with the header “Content-Type: application/json”.")


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(413, f"Send no more than {LONGEST_BODY // 1024} kB at once.")


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, str(error) or "You may not do this.")


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "There is nothing here, or it is not yours.")


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return problem(400, "This is not JSON that can be read. Check quotes, commas and encoding.")
    return problem(error.status_code, str(error))


@api.exception_handler(Exception)
def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    # Never the message: it may name somebody.
    log.error("%s %s failed: %s", request.method, request.path, type(error).__name__)
    return problem(500, "Something went wrong here. Nothing was kept; try again in a while.")


# The operations


@api.post(
    "/requests",
    response={201: Full, 200: Full, 409: ProblemDetail, **PROBLEMS},
    operation_id="sendRequest",
    summary="Send a request for help",
)
def send(
    request: HttpRequest,
    response: HttpResponse,
    body: Request,
    idempotency_key: Annotated[
        str,
        Header(alias="Idempotency-Key", min_length=1, max_length=100, pattern=r"^[\x21-\x7E]+$"),
    ],
) -> Any:
    """Send a request. Choose an `Idempotency-Key` of your own for each: sent again with the same
    key, nothing is doubled and you get the same answer (200)."""
    key = _key(request)
    asked, schools = _asked(body, key)
    if schools:
        return _refused(schools)
    try:
        referral, new = actions.receive_once(
            key=idempotency_key,
            body_hash=_fingerprint(body),
            request=asked,
            by=key.acts_as,
            at=timezone.now(),
        )
    except actions.Refused as refused:
        return _refused(refused.problems)
    except actions.KeyUsedDifferently:
        return problem(
            409, "You have used this Idempotency-Key for another request. Use a new one."
        )
    except actions.AlreadyReceived as received:
        said = (
            f"You have sent your number before: it is {received.referral.reference}. "
            "To tell us more, answer that one."
        )
        errors = [{"pointer": "#/sender_reference", "detail": said}]
        return problem(409, said, errors)
    response["Location"] = f"{PREFIX}requests/{referral.reference}"
    return (201 if new else 200), _full(key, referral)


@api.get(
    "/requests",
    response={200: Page, **PROBLEMS},
    operation_id="listRequests",
    summary="List your requests, newest first",
)
def sent(
    request: HttpRequest,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    sender_reference: Annotated[str, Query(max_length=100)] = "",
) -> Any:
    """List the requests of your organisation, fifty at a time; or find one by your own number."""
    if requests.hides_something(sender_reference):
        errors = [{"pointer": "query:sender_reference", "detail": "Remove hidden characters."}]
        return problem(422, "Your number cannot be read.", errors)
    mine = queries.sent_by(_key(request).acts_as)
    if sender_reference:
        mine = mine.filter(sender_reference=sender_reference)
    total, start = mine.count(), (page - 1) * PER_PAGE
    more = total > start + PER_PAGE
    shown = list(mine[start : start + PER_PAGE])
    told = queries.last_told(_key(request).acts_as, shown)
    return 200, {
        "items": [_summary(referral, told.get(referral.pk, "")) for referral in shown],
        "total": total,
        "page": page,
        "next": f"{PREFIX}requests?page={page + 1}" if more else None,
    }


@api.get(
    "/requests/{reference}",
    response={200: Full, **PROBLEMS},
    operation_id="readRequest",
    summary="Follow one request",
)
def read(request: HttpRequest, reference: str) -> Any:
    """See where a request of yours has got to, and every step of its way."""
    key = _key(request)
    return 200, _full(key, _mine(key, reference))


@api.post(
    "/requests/{reference}/answer",
    response={200: Full, 409: ProblemDetail, **PROBLEMS},
    operation_id="answerRequest",
    summary="Answer the desk's question, or tell us more",
)
def answer(request: HttpRequest, reference: str, body: Words) -> Any:
    """Answer while the request is not decided."""
    if found := _hidden("words", body.words):
        return found
    key = _key(request)
    referral = _mine(key, reference)
    try:
        actions.answer(referral=referral, words=body.words, by=key.acts_as, at=timezone.now())
    except actions.NothingWaits as nothing:
        return problem(409, str(nothing))
    return 200, _full(key, _mine(key, reference))


@api.post(
    "/requests/{reference}/withdraw",
    response={200: Full, 409: ProblemDetail, **PROBLEMS},
    operation_id="withdrawRequest",
    summary="Take a request back",
)
def withdraw(request: HttpRequest, reference: str, body: Reason) -> Any:
    """Take a request back while it is not decided."""
    if found := _hidden("reason", body.reason):
        return found
    key = _key(request)
    referral = _mine(key, reference)
    try:
        actions.withdraw(referral=referral, reason=body.reason, by=key.acts_as, at=timezone.now())
    except actions.NothingWaits as nothing:
        return problem(409, str(nothing))
    return 200, _full(key, _mine(key, reference))


@api.get(
    "/needs",
    response={200: list[Need], **PROBLEMS},
    operation_id="listNeeds",
    summary="List the needs to choose from",
)
def needs(request: HttpRequest) -> Any:
    """List the codes for `needs` and `main_need`. The county may change the list."""
    return 200, [
        {
            "code": need.code,
            "name": need.name,
            "primary_need": need.primary_need,
            "safeguarding": need.safeguarding,
        }
        for need in queries.needs(_key(request).acts_as)
    ]


# Between the interface and the front door


def _key(request: HttpRequest) -> "ApiKey":
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    return key


def _mine(key: "ApiKey", reference: str) -> "Referral":
    found = (
        queries.sent_by(key.acts_as).filter(reference=reference).first()
        if REFERENCE.fullmatch(reference)
        else None
    )
    if found is None:
        raise Http404
    return found


def _hidden(name: str, text: str) -> HttpResponse | None:
    if not text.strip():
        return _refused([requests.Problem(name, "Write something here")])
    if requests.hides_something(text):
        said = "Remove the hidden characters from this text"
        return _refused([requests.Problem(name, said)])
    return None


def _fingerprint(body: Request) -> str:
    """Return a mark of what was asked, the same however the JSON was written."""
    return hashlib.sha256(body.model_dump_json().encode()).hexdigest()


def _asked(body: Request, key: "ApiKey") -> tuple[NewRequest, list[requests.Problem]]:
    """Return the request as the front door knows it, and what is wrong with its schools."""
    urns = {child.school_urn for child in body.children if child.school_urn}
    schools = dict(partners.schools().filter(urn__in=urns).values_list("urn", "pk"))
    wrong = [
        requests.Problem(f"children.{number}.school_urn", "We know no school with this number")
        for number, child in enumerate(body.children)
        if child.school_urn and child.school_urn not in schools
    ]
    children = tuple(
        NewChild(
            school_id=schools.get(child.school_urn) if child.school_urn else None,
            **child.model_dump(exclude={"school_urn"}),
        )
        for child in body.children
    )
    organisation = partners.active().filter(team=key.team).first()
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in body.model_dump(exclude={"children", "adults"}).items()
    }
    asked = NewRequest(
        channel="api",
        sender_kind="partner",
        sender_organisation_id=organisation.pk if organisation else None,
        sender_organisation_name=str(organisation or key.team),
        children=children,
        adults=tuple(NewAdult(**adult.model_dump()) for adult in body.adults),
        **given,
    )
    return asked, wrong


def _summary(referral: "Referral", last_told: str) -> dict[str, Any]:
    return {
        "reference": referral.reference,
        "sender_reference": referral.sender_reference,
        "status": referral.status,
        "status_text": state_for_sender(referral, last_told)[0],
        "received_at": referral.received_at,
        "decide_by": referral.decide_by,
        "decided_at": referral.decided_at,
        "page": f"{settings.KITH_ADDRESS}/requests/sent/{referral.reference}/",
    }


def _full(key: "ApiKey", referral: "Referral") -> dict[str, Any]:
    steps = [
        {"at": step.at, "kind": step.kind, "what": step.get_kind_display(), "words": step.words}
        for step in queries.steps_of(key.acts_as, referral)
    ]
    last_told = str(steps[-1]["kind"]) if steps else ""
    return {**_summary(referral, last_told), "steps": steps}


def _escaped(step: object) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


# Where it hangs


def _at_the_door(
    view: Callable[..., HttpResponseBase], *, takes_body: bool
) -> Callable[..., HttpResponseBase]:
    """Refuse what cannot be read before anything reads it, and say “not allowed” as a problem."""

    @csrf_exempt
    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
            return _too_big(request, RequestDataTooBig())
        sends = takes_body and request.method == "POST"
        if sends and request.content_type != "application/json":
            return _unsupported(request, Unsupported())
        response = view(request, *args, **options)
        if response.status_code == 405:
            said = "This address does not do that. See what it allows in the header “Allow”."
            return problem(405, said, Allow=response.headers.get("Allow", ""))
        return response

    return answered


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer for addresses that are none."""
    return _not_there(request, Http404())


def docs(request: HttpRequest) -> HttpResponse:
    """Show what a partner's programmer needs to know."""
    schema = api.get_openapi_schema()
    parts = schema["components"]["schemas"]
    operations = [
        {
            **operation,
            "method": method.upper(),
            "path": where,
            "body": _name_of_body(operation),
        }
        for where, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    shown = ("Request", "Child", "Adult", "Full", "Summary", "Step", "ProblemDetail", "ProblemPart")
    return render(
        request,
        "referrals/api.html",
        {
            "operations": operations,
            "parts": [_part(name, parts[name]) for name in shown],
            "address": settings.KITH_ADDRESS + PREFIX,
            "per_minute": settings.KITH_API_PER_MINUTE,
            "openapi": reverse("api-v1:openapi-json"),
        },
    )


def _name_of_body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def _part(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = schema.get("required", [])
    fields = [
        {
            "name": field,
            "type": _type_in_words(about),
            "required": field in required,
            "description": about.get("description", ""),
            "choices": about.get("enum") or about.get("items", {}).get("enum", []),
        }
        for field, about in schema["properties"].items()
    ]
    return {"name": name, "description": schema.get("description", ""), "fields": fields}


def _type_in_words(about: dict[str, Any]) -> str:
    if "anyOf" in about:
        return " or ".join(_type_in_words(item) for item in about["anyOf"])
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if about.get("type") == "array":
        return f"list of {_type_in_words(about['items'])}"
    return str(about.get("format") or about.get("type", "text")).replace("string", "text")


def _patterns() -> list[URLPattern]:
    patterns, _, _ = api.urls
    return [
        URLPattern(
            pattern.pattern,
            _at_the_door(pattern.callback, takes_body=str(pattern.pattern) in TAKE_A_BODY),
            pattern.default_args,
            pattern.name,
        )
        for pattern in patterns
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]


app_name = "api-v1"
urlpatterns = [path("docs", docs, name="docs"), *_patterns(), re_path("", nowhere)]
