"""Who may open which address. Each named address of the project stands here, once.

    public("start")                                   anybody
    signed_in("home")                                 whoever has signed in
    needs("accounts:people", may="administrator")     a permission: others get 403
    of_hub("casework:case", may="here.worker", reference="here.case.reference")
                                                      what is of one hub: the other hub gets 404

`may`, `may_not` and `elsewhere` name people of `rows.County`; arguments name something of it by
its path, or are plain values. `post=True` sends an empty form. docs/how-to/add-a-page.md.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Page:
    """An address, and who may open it."""

    name: str
    may: tuple[str, ...]
    may_not: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    signed_out: str = "sign in"  # or "open", "refused"
    post: bool = False
    args: dict[str, Any] = field(default_factory=dict)


def names(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def public(name: str, /, *, post: bool = False, **args: Any) -> Page:
    """Anybody may open it, signed in or not."""
    return Page(name, may=("stranger", "here.worker"), signed_out="open", post=post, args=args)


def nothing_there(name: str, /, *, post: bool = False, **args: Any) -> Page:
    """There is something only for who holds a secret, or in the demonstration: else 404."""
    return Page(
        name,
        may=(),
        elsewhere=("stranger", "here.worker"),
        signed_out="refused",
        post=post,
        args=args,
    )


def signed_in(name: str, /, *, post: bool = False, **args: Any) -> Page:
    """Whoever has signed in."""
    return Page(name, may=("stranger", "here.sender"), post=post, args=args)


def needs(
    name: str, *, may: str, may_not: str = "stranger", post: bool = False, **args: Any
) -> Page:
    """Asks for a permission in any team."""
    return Page(name, may=names(may), may_not=names(may_not), post=post, args=args)


def of_hub(
    name: str,
    /,
    *,
    may: str,
    elsewhere: str = "there.worker there.manager",
    may_not: str = "stranger",
    post: bool = False,
    **args: Any,
) -> Page:
    """Belongs to one hub or one sender: for others it does not exist."""
    return Page(
        name,
        may=names(may),
        may_not=names(may_not),
        elsewhere=names(elsewhere),
        post=post,
        args=args,
    )


def own(name: str, /, *, post: bool = False, **args: Any) -> Page:
    """One's own, and nobody here has one: 404 for all who have signed in."""
    return Page(name, may=(), elsewhere=("stranger", "here.worker"), post=post, args=args)


def of_keys(name: str, /, *, post: bool = False, **args: Any) -> Page:
    """The JSON interface: a key opens it, a session does not. See tests/referrals/test_api.py."""
    return Page(
        name, may=(), may_not=("here.sender", "desk"), signed_out="refused", post=post, args=args
    )


PEOPLE = {"may": "administrator", "may_not": "stranger here.manager desk dpo"}
PERSON = {"pk": "here.worker.pk"}
TEAM = {"pk": "here.school.pk"}
SETTINGS = {"may": "lead administrator", "may_not": "stranger here.manager dpo"}
DESK = {"may": "desk lead", "may_not": "stranger here.worker here.sender administrator dpo"}
CORE_OFFER = {"may": "lead", "may_not": "stranger here.manager desk administrator"}
HUB_DESK = {"may": "desk lead", "may_not": "stranger here.manager here.sender dpo"}
HUB_OFFER = {"may": "desk lead", "may_not": "stranger here.worker here.sender"}
BRINGING = {"may": "desk lead", "may_not": "stranger here.manager administrator"}
FILED = {"uid": "filed.uid"}
SOURCE = {"uid": "reading.source.uid"}
OURS = {"may": "here.sender there.sender", "may_not": "stranger desk here.worker"}
# Whose services they are is tested in tests/directory/test_proposals.py.
NOT_OURS = {"may": "", "may_not": "stranger desk", "elsewhere": "here.sender there.sender"}
NO_UID = "00000000-0000-0000-0000-000000000000"
ONCE = HUB_OFFER | {"may": "desk"}  # what is gone cannot be taken out again
WORDS = {"may": "desk lead", "may_not": "stranger here.manager here.worker administrator"}
WORDS_ONCE = WORDS | {"may": "desk"}
SERVICE = {"uid": "here.service.uid"}
SCHEDULE = {**SERVICE, "schedule": "here.schedule.uid"}
FEED = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
CORE_ITEM = {"number": "core_item.offer.version", "code": "core_item.code"}
COMMITTEE = {
    "may": "room.officer room.councillor lead",
    "may_not": "stranger here.manager desk dpo administrator",
}
VISITING = {"may": "room.officer room.councillor", "may_not": "stranger here.manager lead desk dpo"}
COMMITTEE_KEPT = {"may": "room.officer", "may_not": "room.councillor stranger lead here.manager"}
REVIEW = {"uid": "room.review.uid"}
THEME = {"uid": "room.theme.uid"}
PRACTICE = {"uid": "room.practice.uid"}
PRACTICE_KEPT = {"may": "room.officer lead", "may_not": "room.councillor stranger here.manager"}
ON_VISIT = {"pk": "room.visit.pk"}
RECOMMENDED = {"uid": "room.recommendation.uid"}
ANSWERING = {
    "may": "room.officer lead",
    "may_not": "stranger room.councillor here.manager desk dpo",
}
CASE = {"reference": "here.case.reference"}
STUDY = {"pk": "here.study.pk"}
FAMILY = {"reference": "here.family.reference"}
LED = {"may": "here.worker here.manager here.sender"}
MEMBER = {
    "may": "here.sender",
    "elsewhere": "there.sender",
    "may_not": "stranger here.worker",
    "pk": "here.member.pk",
}
KEPT = {"pk": "here.kept.pk"}
ASSESSMENT = {"pk": "here.assessment.pk"}
AUDITS = {"may": "here.manager lead", "may_not": "stranger here.worker here.sender desk dpo"}
AUDITED = {"pk": "here.audited.pk", "elsewhere": "there.manager there.worker here.worker desk dpo"}
SUPERVISION = {
    "pk": "here.supervision.pk",
    "elsewhere": "there.worker there.manager desk lead dpo",
}
STEP_UP = {"pk": "here.step_up.pk"}
OFFER = {"pk": "here.offer.pk"}
REQUEST = {"reference": "here.referral.reference"}
SENT = {
    "may": "here.sender",
    "may_not": "stranger administrator",
    "elsewhere": "there.sender there.worker",
}
HUBS = {"may": "lead administrator", "may_not": "stranger here.manager desk"}
PARTNERS = {"may": "desk here.worker administrator", "may_not": "stranger here.sender dpo"}
PARTNERS_EDIT = {"may": "desk administrator", "may_not": "stranger here.sender here.worker"}
# A file that is not there: those who may are tested in tests/places.
IMPORTS = {"may": "", "may_not": "stranger here.worker here.sender"}
STAFF = {"may": "", "may_not": ""}
RETURNS = {"may": "lead", "may_not": "stranger desk administrator dpo here.manager"}
NO_RETURN = {"pk": "00000000-0000-0000-0000-000000000000"}
NOTHING = 999_999

READERS = {
    "may": "room.officer room.councillor lead",
    "may_not": "stranger here.worker here.sender desk dpo",
}
OFFICER = {
    "may": "room.officer",
    "may_not": "stranger room.councillor lead here.worker here.sender",
}
MATRIX = [
    # Signing in
    public("account_login"),
    public("account_logout"),
    public("account_inactive"),
    public("account_reset_password"),
    public("account_reset_password_done"),
    public("account_reset_password_from_key", uidb36="1", key="x-y"),
    public("account_reset_password_from_key_done"),
    public("account_signup"),
    public("account_confirm_login_code"),
    public("account_confirm_email", key="x"),
    public("account_email"),
    public("account_email_verification_sent"),
    signed_in("account_reauthenticate"),
    signed_in("account_change_password"),
    signed_in("account_set_password"),
    nothing_there("openid_connect_login", provider_id="council"),
    nothing_there("openid_connect_callback", provider_id="council"),
    public("socialaccount_login_cancelled"),
    Page("socialaccount_login_error", may=(), may_not=("stranger",), signed_out="refused"),
    public("socialaccount_signup"),
    public("socialaccount_connections"),
    signed_in("mfa_index"),
    public("mfa_authenticate"),
    signed_in("mfa_reauthenticate"),
    signed_in("mfa_activate_totp"),
    own("mfa_deactivate_totp"),
    own("mfa_view_recovery_codes"),
    signed_in("mfa_generate_recovery_codes"),
    own("mfa_download_recovery_codes"),
    signed_in("mfa_list_webauthn"),
    signed_in("mfa_add_webauthn"),
    signed_in("mfa_reauthenticate_webauthn"),
    signed_in("mfa_remove_webauthn", pk=NOTHING),
    signed_in("mfa_edit_webauthn", pk=NOTHING),
    public("mfa_login_webauthn"),
    signed_in("usersessions_list"),
    # People
    signed_in("accounts:me"),
    signed_in("accounts:end_session", pk=NOTHING, post=True),
    signed_in("accounts:roles"),
    needs("accounts:people", **PEOPLE),
    needs("accounts:add_person", **PEOPLE),
    needs("accounts:person", **PEOPLE, **PERSON),
    needs("accounts:correct_person", **PEOPLE, **PERSON),
    needs("accounts:invite", **PEOPLE, **PERSON, post=True),
    needs("accounts:end_person", **PEOPLE, **PERSON),
    needs("accounts:open_again", **PEOPLE, **PERSON, post=True),
    needs("accounts:forget_second_factor", **PEOPLE, **PERSON, post=True),
    needs("accounts:give_role", **PEOPLE, **PERSON),
    needs("accounts:end_role", **PEOPLE, pk="here.role.pk"),
    needs("accounts:teams", may="administrator desk lead", may_not="stranger here.manager dpo"),
    needs("accounts:add_team", **PEOPLE),
    needs("accounts:team", may="administrator desk", may_not="stranger here.manager", **TEAM),
    needs("accounts:change_team", **PEOPLE, **TEAM),
    needs(
        "accounts:make_key",
        may="administrator desk",
        may_not="stranger here.manager",
        **TEAM,
        post=True,
    ),
    needs(
        "accounts:end_key", may="", may_not="stranger here.manager", **TEAM, key=NOTHING, post=True
    ),
    needs(
        "accounts:cover",
        may="administrator here.manager lead",
        may_not="stranger here.worker desk dpo",
    ),
    signed_in("accounts:end_cover", pk=NOTHING, post=True),
    # Long work, what was sent
    signed_in("jobs:mine"),
    needs("jobs:all", may="administrator lead", may_not="stranger here.manager"),
    of_hub("jobs:one", may="here.worker administrator", may_not="", pk="here.job.pk"),
    of_hub("jobs:progress", may="here.worker administrator", may_not="", pk="here.job.pk"),
    of_hub("jobs:cancel", may="here.worker", may_not="", pk="here.job.pk", post=True),
    of_hub("jobs:again", may="here.worker", may_not="", pk="here.job.pk", post=True),
    needs("notices:outbox", may="desk lead", may_not="stranger here.worker administrator"),
    needs("notices:one", may="desk", may_not="stranger here.worker", pk="here.notice.pk"),
    needs(
        "notices:send_again",
        may="desk",
        may_not="stranger here.worker",
        pk="here.notice.pk",
        post=True,
    ),
    needs("notices:wordings", **SETTINGS),
    needs("notices:wording", **SETTINGS, key="referral.received", channel="email"),
    needs("notices:restore", **SETTINGS, key="referral.received", channel="email", post=True),
    nothing_there("notices:letter_box"),
    nothing_there("notices:letter", pk="here.notice.pk"),
    # Families
    needs(
        "families:search",
        may="here.worker here.manager desk",
        may_not="stranger here.sender administrator dpo",
    ),
    needs("families:emergency", may="here.worker here.manager", may_not="stranger desk dpo"),
    needs("families:emergencies", may="dpo", may_not="stranger here.manager desk"),
    needs("families:review_emergency", may="dpo", may_not="stranger desk", pk="here.emergency.pk"),
    needs("audit:log", may="dpo here.manager", may_not="stranger here.worker desk administrator"),
    needs("audit:seen", may="dpo here.manager", may_not="stranger here.worker desk administrator"),
    needs("audit:download", may="dpo here.manager", may_not="stranger here.worker desk"),
    needs("families:merges", **DESK),
    needs("families:undo_merge", **DESK | {"may": ""}, pk="here.merge.pk", post=True),
    needs(
        "families:compare",
        **DESK,
        kept="here.family.reference",
        gone="there.family.reference",
    ),
    needs("families:same_person", **DESK, reference="here.family.reference"),
    needs("families:not_same", **DESK, first="here.adult.pk", second="there.adult.pk", post=True),
    # Requests: asking
    public("referrals:begin"),
    nothing_there("referrals:resume", pk=NOTHING),
    nothing_there("referrals:stop", pk=NOTHING),
    nothing_there("referrals:save", pk=NOTHING),
    nothing_there("referrals:discard", pk=NOTHING),
    nothing_there("referrals:check", pk=NOTHING),
    nothing_there("referrals:done", pk=NOTHING),
    nothing_there("referrals:add_file", pk=NOTHING, post=True),
    nothing_there(
        "referrals:remove_file", pk=NOTHING, file="00000000-0000-0000-0000-000000000000", post=True
    ),
    nothing_there("referrals:page", pk=NOTHING, name="children"),
    nothing_there("referrals:item", pk=NOTHING, name="children", number=1),
    nothing_there("referrals:remove", pk=NOTHING, name="children", number=1, post=True),
    nothing_there("referrals:back", secret="no-such-secret"),
    nothing_there("referrals:link", secret="no-such-secret"),
    public("referrals:new_link", secret="no-such-secret", post=True),
    # Requests: following
    needs("referrals:mine", may="here.sender", may_not="stranger here.worker"),
    of_hub("referrals:one", **SENT, **REQUEST),
    of_hub("referrals:answer", **SENT, **REQUEST, post=True),
    of_hub("referrals:withdraw", **SENT, **REQUEST),
    of_hub(
        "referrals:step_down", may="", may_not="here.sender", elsewhere="there.sender", **REQUEST
    ),
    of_hub("referrals:feedback", **SENT, **REQUEST),
    of_hub("referrals:pdf", **SENT, **REQUEST),
    of_hub("referrals:family_copy", **SENT, **REQUEST),
    of_hub("referrals:family_pdf", **SENT, **REQUEST),
    of_hub("referrals:family_link", **SENT, **REQUEST, post=True),
    of_hub("referrals:attachment", **SENT, **REQUEST, file="here.attachment.pk"),
    needs("referrals:files", may="here.sender", may_not="stranger here.worker"),
    signed_in("referrals:file_template"),
    of_hub("referrals:file", may="", elsewhere="there.sender", pk="here.job.pk"),
    of_hub("referrals:file_not_sent", may="", elsewhere="there.sender", pk="here.job.pk"),
    # Requests: deciding
    needs("referrals:desk", **DESK),
    of_hub("referrals:at_desk", may="desk lead here.worker", may_not="stranger dpo", **REQUEST),
    needs("referrals:take", **DESK, **REQUEST, post=True),
    needs("referrals:put_back", **DESK, **REQUEST, post=True),
    needs("referrals:reopen", **DESK, **REQUEST),
    needs("referrals:links", **DESK, **REQUEST),
    needs("referrals:desk_step_down", **DESK, **REQUEST),
    needs("referrals:find_services", **DESK, **REQUEST),
    needs("referrals:send_on_to_service", **DESK, **REQUEST),
    needs("referrals:service_went", **DESK, **REQUEST, pk="here.sending.pk"),
    needs("referrals:decide", **DESK, **REQUEST, decision="no-further-action"),
    of_hub(
        "referrals:find",
        may="desk",
        may_not="stranger administrator",
        elsewhere="there.worker",
        **REQUEST,
    ),
    needs("referrals:needs", **SETTINGS),
    needs("referrals:add_need", **SETTINGS),
    needs("referrals:change_need", **SETTINGS, pk="here.need.pk"),
    needs("referrals:move_need", **SETTINGS, pk="here.need.pk", post=True),
    needs("referrals:warning_words", **SETTINGS),
    # The JSON interface
    public("api-v1:docs"),
    public("api-v1:openapi-json"),
    of_keys("api-v1:send", post=True),
    of_keys("api-v1:sent"),
    of_keys("api-v1:read", **REQUEST),
    of_keys("api-v1:answer", **REQUEST, post=True),
    of_keys("api-v1:withdraw", **REQUEST, post=True),
    of_keys("api-v1:needs"),
    # Casework
    needs("casework:cases", may="here.worker here.manager", may_not="stranger here.sender dpo"),
    needs("casework:inbox", may="here.manager", may_not="stranger here.sender"),
    needs("casework:to_reach", may="here.worker", may_not="stranger here.sender"),
    needs("casework:open", may="here.worker", may_not="stranger here.sender"),
    needs("casework:follow_ups", may="here.manager", may_not="stranger here.sender"),
    needs("casework:stuck", may="here.manager", may_not="stranger here.sender"),
    needs("casework:expected", may="here.worker", may_not="stranger here.sender"),
    needs("casework:workers", may="here.manager", may_not="stranger here.sender"),
    needs("casework:accept", **DESK, **REQUEST),
    of_hub("casework:family", may="here.worker", reference="here.family.reference"),
    of_hub("casework:involved", may="here.worker", reference="here.family.reference"),
    of_hub("casework:record", may="here.worker desk", **FAMILY),
    of_hub("casework:as_at", may="here.worker desk", **FAMILY),
    of_hub("casework:person", may="here.worker desk", **FAMILY, pk="here.adult.pk"),
    *(
        of_hub(f"casework:{name}", may="here.worker desk", **FAMILY, **more)
        for name, more in (
            ("person_add", {}),
            ("person_correct", {"pk": "here.adult.pk"}),
            ("person_name", {"pk": "here.adult.pk"}),
            ("person_other_name", {"pk": "here.adult.pk"}),
            ("person_born", {"pk": "here.child.pk"}),
            ("person_died", {"pk": "here.adult.pk"}),
            ("person_leave", {"pk": "here.adult.pk"}),
            ("person_join", {"pk": "here.adult.pk"}),
            ("person_relate", {"pk": "here.adult.pk"}),
            ("person_way", {"pk": "here.adult.pk"}),
            ("relationship_end", {"pk": "here.tie.pk"}),
            ("known_find", {}),
            ("known_join", {"pk": "here.adult.pk"}),
            ("school_add", {"pk": "here.child.pk"}),
            ("school_correct", {"pk": "here.learns.pk"}),
            ("school_end", {"pk": "here.learns.pk"}),
            ("school_send", {"pk": "here.learns.pk"}),
            ("school_mistake", {"pk": "here.learns.pk"}),
            ("way_safe", {"pk": "here.reached.pk"}),
            ("way_end", {"pk": "here.reached.pk"}),
            ("home_add", {}),
            ("home_change", {"pk": "here.home.pk"}),
            ("home_in", {"pk": "here.home.pk"}),
            ("home_end", {"pk": "here.home.pk"}),
            ("stay_end", {"pk": "here.stay.pk"}),
        )
    ),
    of_hub("casework:restrict", may="here.manager dpo", may_not="stranger here.worker", **FAMILY),
    of_hub(
        "casework:mask",
        may="here.manager",
        may_not="stranger here.worker",
        **FAMILY,
        pk="here.home.pk",
    ),
    needs(
        "casework:restrictions", may="here.manager lead dpo", may_not="stranger here.worker desk"
    ),
    of_hub("casework:restriction", may="here.manager here.worker dpo", **KEPT),
    of_hub("casework:unname", may="here.manager dpo", post=True, **KEPT),
    of_hub("casework:lift", may="here.manager dpo", may_not="stranger here.worker", **KEPT),
    of_hub(
        "casework:person_alive", may="here.worker desk", post=True, **FAMILY, pk="here.adult.pk"
    ),
    needs("casework:my_actions", may="here.sender", may_not="stranger here.worker"),
    of_hub("casework:find", may="here.worker here.manager desk", **CASE),
    of_hub("casework:case", may="here.worker here.manager desk", **CASE),
    of_hub("casework:give", may="here.manager", **CASE),
    of_hub("casework:contact", may="here.worker", **CASE),
    of_hub("casework:note", may="here.worker", **CASE),
    of_hub("casework:addition", may="here.worker", **CASE, pk="here.note.pk"),
    of_hub("casework:note_file", may="here.worker desk", **CASE, file="here.note_file.pk"),
    of_hub("casework:plan", may="here.worker", **CASE),
    of_hub("casework:plan_pdf", may="here.worker here.manager desk", **CASE),
    of_hub("casework:goal", may="here.worker", **CASE),
    of_hub("casework:goal_end", may="here.worker", **CASE, pk="here.goal.pk"),
    of_hub("casework:review", may="here.worker", **CASE),
    of_hub("casework:sharing", may="here.worker here.manager desk", **CASE),
    of_hub("casework:consent", may="here.worker", **CASE),
    of_hub("casework:without_consent", may="here.manager", **CASE),
    of_hub("casework:take_back", may="here.worker", **CASE, pk="here.sharing.pk"),
    of_hub("casework:give_page", may="here.worker", **CASE),
    of_hub("casework:end_page", may="here.worker", **CASE, pk="here.page.pk"),
    of_hub("casework:team", may="here.worker here.manager desk here.sender", **CASE),
    of_hub("casework:team_add", may="here.worker", **CASE),
    of_hub("casework:team_lead", may="here.worker", **CASE),
    of_hub("casework:team_leave", may="here.worker", **CASE, pk="here.member.pk"),
    of_hub("casework:team_link", may="here.worker", **CASE, pk="here.member.pk", post=True),
    # A partner's lead professional calls meetings and writes minutes, as the hub does
    of_hub("casework:team_plan", **LED, **CASE),
    of_hub("casework:meeting_new", **LED, **CASE),
    of_hub("casework:meeting", **LED, **CASE, pk="here.meeting.pk"),
    of_hub("casework:meeting_change", **LED, **CASE, pk="here.meeting.pk"),
    of_hub("casework:meeting_cancel", **LED, **CASE, pk="here.meeting.pk"),
    of_hub("casework:meeting_answer", **LED, **CASE, pk="here.meeting.pk", seat="here.seat.pk"),
    of_hub("casework:minutes", **LED, **CASE, pk="here.meeting.pk"),
    of_hub("casework:send_minutes", **LED, **CASE, pk="here.meeting.pk"),
    of_hub("casework:our_team", **MEMBER),
    of_hub("casework:our_team_answer", **MEMBER, seat="here.seat.pk"),
    of_hub("casework:our_team_assessment", **MEMBER),
    of_hub("casework:our_team_assessment_pdf", **MEMBER),
    nothing_there("our_team:assessment"),
    nothing_there("our_team:assessment_pdf"),
    nothing_there("our_team:page"),
    nothing_there("our_team:link", secret="no-such-secret"),
    nothing_there("our_team:answer", seat=NOTHING),
    nothing_there("our_team:done", pk=NOTHING),
    public("our_team:leave", post=True),
    # The family's own page: opened by a link and a code, by nobody's account
    nothing_there("own_page:page"),
    nothing_there("own_page:link", secret="no-such-secret"),
    nothing_there("own_page:plan"),
    nothing_there("own_page:take_back", pk=NOTHING),
    nothing_there("own_page:assessment", pk=NOTHING),
    nothing_there("own_page:action", pk=NOTHING),
    public("own_page:leave", post=True),
    of_hub("casework:follow_up", may="here.worker", **CASE, months=3),
    of_hub("casework:find_services", may="here.worker", **CASE),
    of_hub("casework:signpost", may="here.worker", **CASE),
    of_hub("casework:refer", may="here.worker", **CASE),
    needs(
        "service_sent", may="desk lead here.manager", may_not="stranger here.worker dpo", **SERVICE
    ),
    needs(
        "asked_for", may="desk lead here.manager", may_not="stranger here.worker here.sender dpo"
    ),
    # Whose services they are is tested in tests/casework/test_referring.py.
    of_hub(
        "casework:asked_of",
        may="",
        may_not="stranger here.worker desk",
        elsewhere="here.sender there.sender",
        pk="here.sending.pk",
    ),
    nothing_there("asked:page"),
    nothing_there("asked:link", secret="no-such-secret"),
    public("asked:leave", post=True),
    of_hub("casework:how_it_went", may="here.worker", **CASE, pk="here.sending.pk"),
    of_hub("casework:hand_over", may="here.manager", **CASE),
    of_hub("casework:changed", may="here.worker here.manager desk", **CASE),
    of_hub("casework:attendance", may="here.worker", **CASE),
    of_hub("casework:exclusion", may="here.worker", **CASE),
    of_hub("casework:score", may="here.worker", **CASE, key="how-it-goes"),
    of_hub("casework:mistake", may="", **CASE, kind="score", pk=NOTHING),
    needs("casework:measures", **SETTINGS),
    needs("casework:new_measure", **SETTINGS),
    needs("casework:measure", **SETTINGS, key="how-it-goes"),
    needs("casework:attendance_file", may="here.worker here.manager", may_not="lead stranger dpo"),
    needs(
        "casework:attendance_empty_file",
        may="here.worker here.manager",
        may_not="lead stranger dpo",
    ),
    nothing_there("own_page:feedback"),
    needs("casework:step_ups", may="here.worker here.manager lead", may_not=""),
    of_hub("casework:ask_step_up", may="here.worker here.manager", **CASE),
    of_hub("casework:step_down_receipt", may="here.worker here.manager", **CASE),
    of_hub("casework:step_up", may="here.worker here.manager desk", **STEP_UP),
    of_hub("casework:step_up_pdf", may="", **STEP_UP),
    of_hub("casework:send_step_up", may="here.manager", may_not="here.worker desk", **STEP_UP),
    of_hub("casework:refuse_step_up", may="here.manager", may_not="here.worker desk", **STEP_UP),
    of_hub("casework:withdraw_step_up", may="here.manager", may_not="here.worker", **STEP_UP),
    of_hub("casework:step_up_receipt", may="here.worker here.manager", **STEP_UP),
    of_hub("casework:step_up_decision", may="here.worker here.manager", **STEP_UP),
    # What social care opens by its private link
    nothing_there("step_up:page"),
    nothing_there("step_up:link", secret="no-such-secret"),
    nothing_there("step_up:pdf"),
    nothing_there("step_up:receipt", post=True),
    nothing_there("step_up:decision", post=True),
    public("step_up:leave", post=True),
    needs("casework:handovers", may="here.manager lead", may_not=""),
    of_hub("casework:handover", may="here.worker here.manager lead", **OFFER),
    of_hub("casework:take_over", may="lead", may_not="here.manager", **OFFER),
    of_hub("casework:decline_handover", may="lead", may_not="here.manager", **OFFER),
    of_hub("casework:withdraw_handover", may="here.manager lead", **OFFER),
    of_hub("casework:close", may="here.manager", **CASE),
    of_hub("casework:reopen", may="here.manager", **CASE),
    of_hub("casework:letter", may="", **CASE),
    of_hub("casework:intensity", may="here.manager", **CASE),
    needs("casework:weights", **SETTINGS),
    needs("casework:supervision", may="here.worker here.manager lead", may_not="stranger desk dpo"),
    needs(
        "casework:supervision_new", may="here.manager", may_not="stranger here.worker desk lead dpo"
    ),
    of_hub("casework:supervision_one", may="here.worker here.manager", **SUPERVISION),
    of_hub("casework:supervision_add", may="here.worker here.manager", **SUPERVISION),
    of_hub("casework:supervision_case", may="here.manager", **SUPERVISION, **CASE),
    of_hub("casework:supervision_case_add", may="here.worker here.manager", **SUPERVISION, **CASE),
    of_hub("casework:supervision_action", may="here.manager", **SUPERVISION, **CASE),
    needs("casework:audits", **AUDITS),
    needs("casework:audit_draw", **AUDITS),
    needs("casework:audit_questions", **SETTINGS),
    of_hub(
        "casework:audit",
        may="here.manager lead",
        may_not=AUDITS["may_not"],
        pk="here.audit.pk",
        elsewhere="there.manager",
    ),
    of_hub("casework:audited", may="here.manager lead", **AUDITED),
    of_hub("casework:audit_write", may="here.manager lead", **AUDITED),
    of_hub("casework:audit_action", may="here.manager lead", **AUDITED),
    of_hub("casework:assessment_start", may="here.worker", **CASE),
    of_hub("casework:assessment", may="here.worker here.manager desk", **ASSESSMENT),
    of_hub("casework:assessment_part", may="here.worker", **ASSESSMENT, key="about"),
    of_hub("casework:assessment_clash", may="here.worker", **ASSESSMENT, number="here.clash.pk"),
    of_hub("casework:assessment_send", may="here.worker", **ASSESSMENT),
    of_hub("casework:assessment_sign", may="here.manager", **ASSESSMENT),
    of_hub("casework:assessment_back", may="here.manager", **ASSESSMENT),
    of_hub("casework:assessment_discard", may="here.worker", **ASSESSMENT),
    of_hub("casework:hand_assessment", may="here.worker", **ASSESSMENT),
    of_hub("casework:assessment_pdf", may="here.worker", **ASSESSMENT),
    needs("casework:to_sign", may="here.manager", may_not="stranger here.worker here.sender"),
    needs("casework:assessment_form", **SETTINGS),
    needs("casework:assessment_form_question", **SETTINGS),
    needs("casework:assessment_form_release", **SETTINGS),
    needs(
        "casework:assessment_form_take_out", **SETTINGS, post=True, section="about", key="own_pets"
    ),
    of_hub("casework:action_done", may="here.worker here.sender", pk="here.action.pk"),
    of_hub("casework:action_drop", may="here.worker", pk="here.action.pk"),
    of_hub("casework:action_give_back", may="here.worker", post=True, pk="here.action.pk"),
    of_hub("casework:action_day", may="here.worker", pk="here.action.pk"),
    # In the field
    needs("field:today", may="here.worker here.manager", may_not="stranger here.sender desk lead"),
    needs("field:visit_new", may="here.worker", may_not="stranger here.sender desk"),
    of_hub("field:came_of_it", may="here.worker", pk="here.visit.pk"),
    needs("field:not_written", may="here.worker here.manager", may_not="stranger desk lead"),
    signed_in("field:device_end", pk="here.device.pk", post=True),
    public("field:with_me"),
    public("field:worker"),
    public("field:manifest"),
    public("field:state"),
    Page(
        "field:pack",
        may=("here.worker",),
        may_not=("stranger", "here.sender", "desk"),
        signed_out="refused",
    ),
    Page("field:entries", may=("here.worker", "stranger"), signed_out="refused", post=True),
    # What hubs give
    needs("supports:all", may="here.worker here.manager lead", may_not="stranger here.sender dpo"),
    needs("supports:new", may="here.worker", may_not="stranger here.sender desk lead"),
    needs(
        "supports:registers", may="here.worker here.manager lead", may_not="stranger here.sender"
    ),
    needs("supports:attendance", may="here.manager lead", may_not="stranger here.sender dpo"),
    needs("supports:led", may="here.sender", may_not="stranger here.worker desk"),
    of_hub("supports:led_register", may="", pk="here.session.pk"),
    of_hub("supports:let_lead", may="here.worker", pk="here.support.pk"),
    of_hub("supports:stop_leading", may="here.worker", pk="here.leading.pk", post=True),
    of_hub("supports:to_know", may="here.worker", pk="here.placement.pk"),
    of_hub("supports:one", may="here.worker here.manager desk", pk="here.support.pk"),
    of_hub("supports:change", may="here.worker", pk="here.support.pk"),
    of_hub("supports:end", may="here.worker", pk="here.support.pk"),
    of_hub("supports:session_new", may="here.worker", pk="here.support.pk"),
    of_hub("supports:register", may="here.worker here.manager desk", pk="here.session.pk"),
    of_hub("supports:undo", may="here.worker", pk="here.session.pk", post=True),
    of_hub("supports:drop_in", may="here.worker", pk="here.session.pk"),
    of_hub("supports:cancel", may="here.worker", pk="here.session.pk"),
    of_hub("supports:settle", may="here.worker", pk="here.differing.pk", post=True),
    of_hub("supports:end_place", may="here.worker", pk="here.placement.pk"),
    of_hub("supports:family", may="here.worker desk", reference="here.family.reference"),
    of_hub("supports:place", may="here.worker", reference="here.family.reference"),
    # Case studies; who releases and reads them is tested in tests/casestudies
    needs(
        "casestudies:listed",
        may="here.worker here.manager lead",
        may_not="stranger here.sender desk dpo administrator",
    ),
    of_hub("casestudies:of_case", may="here.worker here.manager desk", **CASE),
    of_hub("casestudies:begin", may="here.worker", **CASE, post=True),
    of_hub("casestudies:one", may="here.worker here.manager desk", **STUDY),
    of_hub("casestudies:write", may="here.worker", **STUDY),
    of_hub("casestudies:stays", may="here.worker", **STUDY),
    of_hub("casestudies:send", may="here.worker", **STUDY, post=True),
    of_hub("casestudies:send_back", may="here.manager lead", **STUDY),
    of_hub("casestudies:release", may="here.manager lead", **STUDY, post=True),
    of_hub("casestudies:rewrite", may="here.worker", **STUDY, post=True),
    of_hub("casestudies:drop", may="here.worker", **STUDY),
    of_hub("casestudies:withdraw", may="here.manager lead", **STUDY),
    of_hub(
        "casestudies:read",
        may="lead",
        may_not="stranger here.worker here.manager there.manager desk dpo",
        elsewhere="",
        pk="here.study.released_id",
    ),
    of_hub(
        "casestudies:pdf",
        may="lead",
        may_not="stranger here.worker here.manager there.manager desk dpo",
        elsewhere="",
        pk="here.study.released_id",
    ),
    # Reviews of committees, their visits and what comes of them
    needs("visits:reviews", **COMMITTEE),
    needs("visits:new", **COMMITTEE_KEPT),
    needs("visits:review", **COMMITTEE, **REVIEW),
    needs("visits:change", **COMMITTEE_KEPT, **REVIEW),
    needs("visits:guide", **COMMITTEE, **REVIEW),
    needs("visits:guide_pdf", **COMMITTEE, **REVIEW),
    needs("visits:visit_new", **COMMITTEE_KEPT, **REVIEW),
    needs("visits:suggest", **COMMITTEE_KEPT, **REVIEW),
    needs("visits:visit", **COMMITTEE, **ON_VISIT),
    needs("visits:visit_change", **COMMITTEE_KEPT, **ON_VISIT),
    needs("visits:visit_cancel", **COMMITTEE_KEPT, **ON_VISIT),
    needs("visits:put_down", **COMMITTEE_KEPT, **ON_VISIT),
    needs("visits:went", **VISITING, **ON_VISIT),
    needs("visits:join", **VISITING | {"may": "room.councillor"}, **ON_VISIT, post=True),
    needs(
        "visits:take_off",
        **VISITING | {"may": "room.officer"},
        **ON_VISIT,
        member="room.member.pk",
        post=True,
    ),
    needs("visits:notes", **VISITING, **ON_VISIT),
    needs("visits:photo_new", **VISITING, **ON_VISIT),
    needs("visits:photo", **VISITING, key="room.photo.key"),
    needs(
        "visits:photo_remove",
        **VISITING | {"may": "room.officer"},
        key="room.photo.key",
        post=True,
    ),
    needs("visits:themes", **VISITING, **REVIEW),
    needs("visits:propose", **VISITING, **REVIEW, post=True),
    needs("visits:theme", **VISITING, **THEME),
    needs("visits:theme_write", **VISITING, **THEME),
    needs("visits:theme_merge", **VISITING, **THEME),
    needs("visits:evidence_new", **VISITING, **THEME),
    needs("visits:theme_agree", **COMMITTEE_KEPT, **THEME),
    needs("visits:theme_open", **COMMITTEE_KEPT, **THEME, post=True),
    needs("visits:practices", **COMMITTEE),
    needs("visits:of_review", **COMMITTEE, **REVIEW),
    needs("visits:report", **COMMITTEE, **REVIEW),
    needs("visits:report_draft", **COMMITTEE, **REVIEW),
    needs("visits:report_put", **COMMITTEE_KEPT, **REVIEW),
    needs("visits:report_publish", **COMMITTEE_KEPT, **REVIEW),
    needs("visits:report_withdraw", **COMMITTEE_KEPT, **REVIEW),
    needs("visits:practice_new", **PRACTICE_KEPT, **REVIEW),
    needs("visits:practice", **COMMITTEE, **PRACTICE),
    needs("visits:practice_change", **PRACTICE_KEPT, **PRACTICE),
    needs("visits:take_up", **PRACTICE_KEPT, **PRACTICE),
    needs("visits:practice_stop", **PRACTICE_KEPT, **PRACTICE, pk="room.taken_up.pk"),
    # Recommendations; owners with a link are tested in tests/scrutiny
    needs("recommendations:listed", **COMMITTEE),
    nothing_there("recommendations:link", secret="no-such-secret"),
    nothing_there("recommendations:by_link"),
    needs("recommendations:one", **COMMITTEE, **RECOMMENDED),
    *(
        needs(f"recommendations:{name}", **COMMITTEE_KEPT, **RECOMMENDED)
        for name in (
            "change",
            "agree",
            "drop",
            "take_up",
            "together",
            "send",
            "back",
            "stop",
            "measure",
        )
    ),
    *(
        needs(f"recommendations:{name}", **ANSWERING, **RECOMMENDED)
        for name in ("answer", "promise", "progress")
    ),
    public("recommendations:public"),
    nothing_there("recommendations:public_one", uid="00000000-0000-0000-0000-000000000000"),
    needs("recommendations:publish", **COMMITTEE_KEPT, **RECOMMENDED, post=True),
    needs("recommendations:unpublish", **COMMITTEE_KEPT, **RECOMMENDED, post=True),
    needs("recommendations:new", **COMMITTEE_KEPT),
    needs("recommendations:part", **COMMITTEE_KEPT, **RECOMMENDED, post=True),
    needs("recommendations:file", **COMMITTEE, uid="room.attached.uid"),
    needs("recommendations:withdraw_file", **COMMITTEE_KEPT, uid="room.attached.uid"),
    needs("recommendations:done", **ANSWERING, pk="room.promised.pk"),
    needs("recommendations:unmeasure", **COMMITTEE_KEPT, pk="room.measure.pk", post=True),
    needs("recommendations:draw", **COMMITTEE_KEPT, item="room.item.uid", post=True),
    # Returns; those who asked for one are tested in tests/returns
    needs("returns:listed", may="lead dpo", may_not="stranger desk administrator here.manager"),
    needs("returns:ask", **RETURNS, kind="annex_a"),
    needs("returns:read", **RETURNS),
    of_hub("returns:one", may="", may_not="stranger desk", elsewhere="lead dpo", **NO_RETURN),
    of_hub("returns:take", may="", may_not="stranger desk", elsewhere="lead dpo", **NO_RETURN),
    of_hub(
        "returns:forget", may="", may_not="stranger", elsewhere="lead dpo", post=True, **NO_RETURN
    ),
    # Hubs, partners
    public("hubs:hubs"),
    public("directory:find"),
    public("directory:service", uid="here.service.uid"),
    public("directory:download", kind="csv"),
    nothing_there("directory:confirm", secret="no-such-secret"),
    public("directory:say_about", uid="here.service.uid"),
    nothing_there("directory:confirming"),
    nothing_there("directory:changed", uid="here.service.uid"),
    nothing_there("directory:take_back", uid="here.service.uid", post=True),
    needs("directory:remarks", **HUB_OFFER),
    needs("directory:remark", **HUB_OFFER, pk="remark.pk"),
    needs("directory:take_remark", **HUB_OFFER, pk="remark.pk", post=True),
    public("directory:new_link", secret="no-such-secret", post=True),
    needs("directory:checking", **HUB_OFFER),
    needs("directory:hiding", **SETTINGS),
    needs("directory:ask_provider", **HUB_OFFER, **SERVICE, post=True),
    public("offer_board"),
    public("offer_standard", slug="banbury", code="play"),
    public("board_picture"),
    public("board_file", kind="csv"),
    needs("keep_board", **HUB_DESK),
    public("kept_board", uid="kept_board.uid"),
    public("kept_board_file", uid="kept_board.uid", kind="pdf"),
    public("directory:not_offered"),
    public("directory:hub_offer", slug="banbury"),
    needs("directory:ours", **OURS),
    of_hub("directory:add_ours", may="", may_not="stranger desk", elsewhere="here.sender"),
    of_hub("directory:change_ours", **NOT_OURS, **SERVICE),
    of_hub("directory:own_proposal", **NOT_OURS, uid=NO_UID),
    of_hub("directory:withdraw", **NOT_OURS, uid=NO_UID, post=True),
    needs("directory:tongues", **WORDS),
    needs("directory:said_in", **WORDS, language="pl", kind="term"),
    needs("directory:twins", **HUB_OFFER),
    needs("directory:find_twins", **HUB_OFFER, post=True),
    needs("directory:twin", **HUB_OFFER, pk="twins.pk"),
    needs("directory:put_together", **HUB_OFFER, pk="twins.pk", which="first"),
    needs("directory:part_twins", **HUB_OFFER, pk="twins.pk", post=True),
    needs("directory:ask_again", **HUB_OFFER, pk="twins.pk", post=True),
    needs("directory:proposals", **HUB_OFFER),
    needs("directory:decide", **HUB_OFFER, uid="proposal.uid"),
    needs("directory:send_back", **HUB_OFFER, uid="proposal.uid"),
    needs("directory:listed", **HUB_OFFER),
    needs("directory:download_listed", **HUB_OFFER, kind="csv"),
    needs("directory:add", **HUB_OFFER),
    needs("directory:add_provider", **HUB_OFFER),
    needs("directory:provider", **HUB_OFFER, uid="here.service.provider.uid"),
    needs("directory:add_place", **HUB_OFFER),
    needs("directory:place", **HUB_OFFER, uid="here.schedule.at_place.place.uid"),
    needs("directory:kept", **HUB_OFFER, **SERVICE),
    needs("directory:changes", **HUB_OFFER, **SERVICE),
    # Whoever keeps the directory is told that there was no such moment; nobody else is told anything.
    Page(
        "directory:put_back",
        may=(),
        may_not=names(HUB_OFFER["may_not"]),
        elsewhere=names(HUB_OFFER["may"]),
        args={**SERVICE, "key": "0"},
    ),
    needs("directory:change", **HUB_OFFER, **SERVICE),
    needs("directory:check", **HUB_OFFER, **SERVICE, post=True),
    needs("directory:at_place", **HUB_OFFER, **SERVICE),
    needs(
        "directory:leave_place",
        **ONCE,
        **SERVICE,
        held="here.schedule.at_place.uid",
        post=True,
    ),
    needs("directory:add_times", **HUB_OFFER, **SERVICE),
    needs("directory:times", **HUB_OFFER, **SCHEDULE),
    needs("directory:drop_times", **ONCE, **SCHEDULE, post=True),
    needs("directory:call_off", **HUB_OFFER, **SCHEDULE),
    needs("directory:files", **HUB_OFFER),
    needs("directory:file_template", **HUB_OFFER, kind="csv"),
    needs("directory:file", **HUB_OFFER, **FILED),
    needs("directory:import_file", **HUB_OFFER, **FILED, post=True),
    needs("directory:sources", **BRINGING),
    needs("directory:add_source", **BRINGING),
    needs("directory:source", **BRINGING, **SOURCE),
    needs("directory:change_source", **BRINGING, **SOURCE),
    needs("directory:source_terms", **BRINGING, **SOURCE),
    needs("directory:look_into_source", **BRINGING, **SOURCE, post=True),
    needs("directory:import_source", **BRINGING, **SOURCE, post=True),
    needs("directory:settle", may="", may_not=BRINGING["may_not"], **SOURCE, number=1, post=True),
    needs("directory:reading", **BRINGING, **SOURCE, number="reading.pk"),
    *(
        needs(f"directory:{name}", **WORDS)
        for name in ("all_words", "same_meanings", "school_terms")
    ),
    *(needs(f"directory:{name}", **WORDS) for name in ("add_same_meaning", "add_school_term")),
    needs("directory:words", **WORDS, which="groups"),
    needs("directory:add_term", **WORDS, which="groups"),
    needs("directory:term", **WORDS, which="groups", uid="here.term.uid"),
    needs("directory:retire_term", **WORDS, which="groups", uid="here.term.uid"),
    needs("directory:take_term_back", **WORDS, which="groups", uid="here.term.uid", post=True),
    needs("directory:same_meaning", **WORDS, pk="same_meaning.pk"),
    needs("directory:drop_same_meaning", **WORDS_ONCE, pk="same_meaning.pk", post=True),
    needs("directory:school_term", **WORDS, pk="school_term.pk"),
    needs("directory:drop_school_term", **WORDS_ONCE, pk="school_term.pk", post=True),
    public("directory:near_me", post=True),
    public("directory:leaflets"),
    public("directory:hub_leaflet", slug="banbury"),
    nothing_there("directory:school_leaflet", pk=NOTHING),
    nothing_there("directory:school_offer", pk=NOTHING),
    nothing_there("directory:found_leaflet"),
    public("oruk:root"),
    public("oruk:openapi"),
    public("oruk:hubs"),
    public("oruk:core_offer"),
    public("oruk:not_offered"),
    *(public(f"oruk:{name}") for name in FEED),
    public("oruk:one_of_services", **SERVICE),
    public("oruk:one_of_organizations", uid="here.service.provider.uid"),
    public("oruk:one_of_service_at_locations", uid="here.schedule.at_place.uid"),
    public("oruk:one_of_taxonomies", uid="here.taxonomy"),
    public("oruk:one_of_taxonomy_terms", uid="here.term.uid"),
    nothing_there("oruk:nothing", rest="reviews"),
    needs("directory:versions", **CORE_OFFER),
    needs("directory:draft", **CORE_OFFER, post=True),
    needs("directory:version", **CORE_OFFER, number="core_item.offer.version"),
    needs("directory:add_item", **CORE_OFFER, number="core_item.offer.version"),
    needs("directory:consult", **CORE_OFFER, number="core_item.offer.version"),
    needs("directory:agree", **CORE_OFFER, number="core_item.offer.version"),
    needs("directory:item", **CORE_OFFER, **CORE_ITEM),
    needs("directory:take_out", **CORE_OFFER, **CORE_ITEM, post=True),
    needs("directory:say", **HUB_OFFER, slug="banbury", code="agreed_item.code"),
    needs(
        "directory:confirm_standard",
        **HUB_OFFER,
        slug="banbury",
        code="agreed_item.code",
        post=True,
    ),
    needs("directory:say_local", **HUB_OFFER, slug="banbury", uid="here.service.uid"),
    needs("directory:add_not_offered", **HUB_OFFER),
    needs("directory:change_not_offered", **HUB_OFFER, uid="absent.uid"),
    public("hubs:hub", slug="banbury"),
    needs("hubs:new", **HUBS),
    needs("hubs:change", **HUBS, slug="banbury"),
    needs("hubs:add_post", **HUBS, slug="banbury", post=True),
    needs("hubs:change_post", may="", may_not="stranger here.manager", pk=NOTHING),
    needs("hubs:area", **HUBS, slug="banbury"),
    needs("hubs:areas", **HUBS),
    needs("hubs:without_hub", **HUBS),
    needs("hubs:promises", **SETTINGS),
    needs("hubs:add_closed_day", **SETTINGS, post=True),
    needs("hubs:add_bank_holidays", **SETTINGS, post=True),
    needs("hubs:remove_closed_day", may="", may_not="stranger desk", pk=NOTHING, post=True),
    needs("partners:organisations", **PARTNERS),
    needs("partners:organisation", **PARTNERS, pk="here.organisation.pk"),
    needs("partners:add", **PARTNERS_EDIT),
    needs("partners:change", **PARTNERS_EDIT, pk="here.organisation.pk"),
    needs("partners:give_team", **PARTNERS_EDIT, pk="here.organisation.pk", post=True),
    # Places
    needs("places:imports", may="lead administrator", may_not="stranger here.worker"),
    needs("places:upload", **IMPORTS, key="no-such-import"),
    needs("places:uploaded", **IMPORTS, pk="00000000-0000-0000-0000-000000000000"),
    needs("places:confirm", **IMPORTS, pk="00000000-0000-0000-0000-000000000000", post=True),
    needs("places:neighbourhoods", **STAFF),
    needs("places:neighbourhood", **STAFF, code="OX1 1"),
    signed_in("attainment:overview"),
    signed_in("attainment:districts"),
    signed_in("attainment:schools"),
    signed_in("attainment:years"),
    needs("attainment:school", **STAFF, urn=100000),
    needs("attainment:download", **STAFF),
    # The shell
    public("start"),
    signed_in("home"),
    # The committee
    needs("scrutiny:home", **READERS),
    needs("scrutiny:my_notes", **READERS),
    needs("scrutiny:meetings", **READERS),
    needs("scrutiny:seats", **READERS, slug="scrutiny"),
    needs("scrutiny:plan", **READERS, slug="scrutiny"),
    needs("scrutiny:old_files", **OFFICER, slug="scrutiny"),
    needs("scrutiny:old_file", **OFFICER, uid="room.old_file.uid"),
    needs("scrutiny:old_original", **OFFICER, uid="room.old_file.uid"),
    needs("scrutiny:old_bring_in", **OFFICER, uid="room.old_file.uid", post=True),
    needs("scrutiny:old_forget", **OFFICER, uid="room.old_file.uid", post=True),
    needs("scrutiny:decisions", **READERS),
    needs("scrutiny:meeting", **READERS, uid="room.meeting.uid"),
    needs("scrutiny:minutes", **READERS, uid="room.meeting.uid"),
    needs("scrutiny:own_note", **READERS, uid="room.item.uid", post=True),
    needs("scrutiny:add_committee", **OFFICER),
    needs("scrutiny:change_committee", **OFFICER, slug="scrutiny"),
    needs("scrutiny:add_member", **OFFICER, slug="scrutiny"),
    needs("scrutiny:change_member", **OFFICER, slug="scrutiny", uid="room.member.uid"),
    needs("scrutiny:give_seat", **OFFICER, slug="scrutiny"),
    of_hub(
        "scrutiny:end_seat",
        may="",
        may_not="stranger room.councillor",
        elsewhere="room.officer",
        slug="scrutiny",
        pk=0,
    ),
    needs("scrutiny:add_entry", **OFFICER, slug="scrutiny"),
    needs("scrutiny:publish_plan", **OFFICER, slug="scrutiny", post=True),
    needs("scrutiny:change_entry", **OFFICER, slug="scrutiny", number="room.planned.pk"),
    needs("scrutiny:close_entry", **OFFICER, slug="scrutiny", number="room.planned.pk"),
    needs("scrutiny:add_decision", **OFFICER),
    needs("scrutiny:change_decision", **OFFICER, number="room.decision.pk"),
    needs("scrutiny:call_in", **OFFICER, number="room.decision.pk"),
    needs("scrutiny:end_call_in", **OFFICER, number="room.decision.pk"),
    needs("scrutiny:add_meeting", **OFFICER),
    needs("scrutiny:change_meeting", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:move_meeting", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:cancel_meeting", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:publish_agenda", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:add_item", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:end", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:stand_in", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:declare", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:add_question", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:clear", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:confirm", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:correct", **OFFICER, uid="room.meeting.uid"),
    needs("scrutiny:announce", **OFFICER, uid="room.meeting.uid", post=True),
    needs("scrutiny:begin", **OFFICER, uid="room.meeting.uid", post=True),
    needs("scrutiny:all_present", **OFFICER, uid="room.meeting.uid", post=True),
    needs("scrutiny:move_on", **OFFICER, uid="room.meeting.uid", way="draft", post=True),
    needs(
        "scrutiny:place_entry", **OFFICER, uid="room.meeting.uid", pk="room.planned.pk", post=True
    ),
    of_hub(
        "scrutiny:question",
        may="",
        may_not="stranger room.councillor",
        elsewhere="room.officer",
        uid="room.meeting.uid",
        number=99999999,
    ),
    needs("scrutiny:attendance", **OFFICER, uid="room.meeting.uid", member="room.member.uid"),
    needs("scrutiny:change_item", **OFFICER, uid="room.item.uid"),
    needs("scrutiny:invite", **OFFICER, uid="room.item.uid"),
    needs("scrutiny:item_minutes", **OFFICER, uid="room.item.uid"),
    needs("scrutiny:move_item", **OFFICER, uid="room.item.uid", way="up", post=True),
    of_hub(
        "scrutiny:came",
        may="",
        may_not="stranger room.councillor",
        elsewhere="room.officer",
        uid="room.item.uid",
        pk=0,
        came="attended",
        post=True,
    ),
    of_hub(
        "scrutiny:change_point",
        may="",
        may_not="stranger room.councillor",
        elsewhere="room.officer",
        uid="room.item.uid",
        number=0,
    ),
    of_hub(
        "scrutiny:request_of_point",
        may="",
        may_not="stranger room.councillor",
        elsewhere="room.officer",
        uid="room.item.uid",
        number=0,
    ),
    of_hub(
        "scrutiny:move_point",
        may="",
        may_not="stranger room.councillor",
        elsewhere="room.officer",
        uid="room.item.uid",
        number=0,
        way="up",
        post=True,
    ),
    needs("scrutiny:add_paper", **OFFICER, uid="room.item.uid"),
    needs("scrutiny:change_paper", **OFFICER, uid="room.paper.uid"),
    needs("scrutiny:draw_update", **OFFICER, uid="room.item.uid"),
    needs("scrutiny:own_paper", **READERS, uid="room.paper.uid"),
    needs("scrutiny:own_file", **READERS, uid="room.paper.uid"),
    needs("scrutiny:take_off_paper", **OFFICER, uid="room.paper.uid", post=True),
    needs("scrutiny:withdraw_paper", **OFFICER, uid="room.paper.uid"),
    nothing_there("meetings:file", uid="room.paper.uid"),
    needs("scrutiny:private_pack", **READERS, uid="room.meeting.uid"),
    needs("scrutiny:brief", **OFFICER, uid="room.meeting.uid"),
    nothing_there("meetings:pack", uid="room.published.pk"),
    nothing_there("meetings:agenda_pdf", uid="room.published.pk"),
    nothing_there("meetings:minutes_pdf", uid="room.published.pk"),
    nothing_there("meetings:paper_pdf", uid="room.paper.uid"),
    public("meetings:calendar"),
    public("meetings:committee_calendar", slug="scrutiny"),
    public("meetings:feed"),
    public("moderngov", operation="GetCommittees"),
    nothing_there("moderngov_meeting"),
    nothing_there("moderngov_item"),
    public("oparl:system"),
    nothing_there("oparl:missing", rest="x/y/z"),
    public("oparl:bodies"),
    public("oparl:list", kind="meeting"),
    nothing_there("oparl:object", kind="meeting", key="1"),
    public("meetings:committees"),
    public("meetings:search"),
    public("meetings:decisions"),
    public("meetings:practices"),
    public("meetings:ask_for_alert"),
    nothing_there("meetings:invited", secret="no-such-link"),
    nothing_there("meetings:confirm_alert", secret="no-such-link"),
    nothing_there("meetings:stop_alert", secret="no-such-link"),
    nothing_there("meetings:practice", uid="room.practice.uid"),
    nothing_there("meetings:report", uid="room.review.uid"),
    nothing_there("meetings:report_pdf", uid="room.review.uid"),
    public("meetings:committee", slug="scrutiny"),
    public("meetings:meeting", uid="room.published.pk"),
    nothing_there("meetings:edition", uid="room.published.pk", kind="minutes", number=7),
    nothing_there("meetings:item", uid="room.item.uid"),
    nothing_there("meetings:paper", uid="room.paper.uid"),
    public("help"),
    public("privacy"),
    public("cookies"),
    public("accessibility"),
    public("look_css"),
    public("health"),
    needs(
        "county_settings",
        may="lead administrator",
        may_not="stranger here.worker here.sender dpo",
    ),
    needs("look", **SETTINGS),
    needs("figures", may="here.worker lead dpo", may_not="stranger here.sender administrator"),
    needs("figure_csv", may="", may_not="stranger", key="no-such-figure"),
    needs("figure", may="", may_not="stranger", key="no-such-figure"),
]
