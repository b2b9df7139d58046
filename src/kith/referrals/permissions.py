"""Who may do what with a request, and why not."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.accounts.viewer import link_in_use, linked
from kith.partners.models import Organisation
from kith.referrals.models import SENDING, Draft, KeptFile, Referral, Sending


def may_send(user: User | None) -> Decision:
    """Anyone may ask for help: with an account or without."""
    return ALLOW


def may_send_for_team(user: User) -> Decision:
    """Sending from a system or in a file is for people and systems of a partner organisation."""
    if user.can(Permission.REFERRAL_SEND):
        return ALLOW
    return refuse("Only partner organisations can send requests in this way.")


def may_decide(user: User, referral: Referral) -> Decision:
    """Deciding belongs to the county desk."""
    if user.can(Permission.REFERRAL_DECIDE):
        return ALLOW
    return refuse("Only the county desk can decide a request.")


def may_answer(user: User | None, referral: Referral) -> Decision:
    """Answering, or withdrawing, belongs to whoever sent it: by account or by private link."""
    if user is not None and (
        referral.sender_id == user.pk
        or (
            referral.sender_team_id is not None
            and user.can(Permission.REFERRAL_SEND, in_team=referral.sender_team_id)
        )
    ):
        return ALLOW
    if linked("referral") == referral.pk:
        return ALLOW
    return refuse("Only whoever sent this request can do that.")


def may_write_step_down(user: User | None, referral: Referral) -> Decision:
    """That a request is a step-down is said by children's social care, which sent it, or by the desk."""
    if user is not None and may_decide(user, referral):
        return ALLOW
    sent_by = referral.sender_organisation or getattr(referral.sender_team, "organisation", None)
    if sent_by is not None and sent_by.kind == Organisation.Kind.SOCIAL_CARE:
        return may_answer(user, referral)
    return refuse("Only children's social care, or the county desk, can say that of a request.")


def may_begin_step_down(user: User | None) -> Decision:
    """A step-down is begun by somebody of children's social care, who signs in."""
    teams = user.teams_granting(Permission.REFERRAL_SEND) if user is not None else []
    organisations = (getattr(team, "organisation", None) for team in teams)
    if any(one and one.kind == Organisation.Kind.SOCIAL_CARE for one in organisations):
        return ALLOW
    return refuse("Only children's social care passes a family down to early help.")


def may_tell_sender(user: User, referral: Referral) -> Decision:
    """Word of what became of a request comes from the team it lies with, or from the desk."""
    if user.can(Permission.CASE_WORK, in_team=referral.team_id) or user.can(
        Permission.REFERRAL_DECIDE
    ):
        return ALLOW
    return refuse("Only the hub that has this request can tell its sender.")


def may_end_links(user: User, referral: Referral) -> Decision:
    """Private links are ended by whoever tells the sender: the team the request lies with, the desk."""
    if may_tell_sender(user, referral):
        return ALLOW
    return refuse("Only the county desk, or the hub that has this request, can end its links.")


def may_move(user: User, referral: Referral, to_team_id: int) -> Decision:
    """An accepted request moves with its case: by a manager of the hub that has it or of the hub
    that takes it over, which `casework` sees to, or by the desk."""
    if user.can(Permission.REFERRAL_DECIDE) or any(
        user.can(Permission.CASE_ALLOCATE, in_team=team_id)
        for team_id in (referral.team_id, to_team_id)
    ):
        return ALLOW
    return refuse("Only a manager of one of the two hubs can let this request lie with another.")


def may_answer_for_service(user: User | None, sending: Sending) -> Decision:
    """Whether a service takes a family is said by its own people: by its private link, or signed in
    for the partner whose service it is."""
    if sending.kind == Sending.Kind.REFERRED:
        if linked(SENDING) == sending.pk:
            return ALLOW
        partner = sending.service.provider.partner
        if (
            user is not None
            and partner is not None
            and partner.team_id in [team.pk for team in user.teams_granting(Permission.ACTION_OWN)]
        ):
            return ALLOW
    return refuse("Only somebody of the service that was asked can say that.")


def may_edit_needs(user: User) -> Decision:
    """The list of needs belongs to the county."""
    if user.can(Permission.SETTINGS_EDIT):
        return ALLOW
    return refuse("Only a county lead or an administrator can change the list of needs.")


def may_write(user: User | None, draft: Draft) -> Decision:
    """An unfinished request is its writer's alone: by account, or by the secret they hold."""
    if draft.owner_id is not None:
        if user is not None and draft.owner_id == user.pk:
            return ALLOW
    elif draft.key_hash == link_in_use():
        return ALLOW
    return refuse("Only whoever began this request can go on with it.")


def may_scan_files(user: User) -> Decision:
    """Files are scanned by the clock, which need not read them."""
    if user.can(Permission.DRAFT_KEEP):
        return ALLOW
    return refuse("Only Kith itself scans files.")


def may_open(file: KeptFile) -> Decision:
    """A file that may hold a virus is opened by nobody."""
    if file.may_be_opened:
        return ALLOW
    if file.scan == KeptFile.Scan.VIRUS:
        return refuse("This file held a virus, so it was thrown away. Ask its sender for another.")
    return refuse(
        "This file has not been scanned for viruses yet. That is tried every minute: come back to "
        "it in a while."
    )


def may_clear_drafts(user: User) -> Decision:
    """Unfinished requests are cleared away by the clock, for nobody may read them."""
    if user.can(Permission.DRAFT_KEEP):
        return ALLOW
    return refuse("Only Kith itself clears away unfinished requests.")
