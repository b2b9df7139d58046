"""Who may change the directory, and the offer of the hubs."""

from django.contrib.auth.models import AnonymousUser

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.directory.models import Provider
from kith.hubs.models import Hub


def may_agree_offer(user: User) -> Decision:
    """The core offer is the county's: one wording, for every hub."""
    if user.can(Permission.OFFER_AGREE):
        return ALLOW
    return refuse("Only the county lead can change the core offer.")


def may_say_offering(user: User, hub: Hub) -> Decision:
    """A hub's manager says how their own hub stands; the county desk and lead, how any does."""
    if user.can(Permission.DIRECTORY_EDIT_ALL):
        return ALLOW
    if user.can(Permission.DIRECTORY_EDIT, in_team=hub.team):
        return ALLOW
    return refuse(f"Only the manager of {hub.name} hub, or the county, can say what it offers.")


def may_keep_directory(user: User) -> Decision:
    """Services, places and what is not offered are kept by managers, the desk and the county lead."""
    if user.can(Permission.DIRECTORY_EDIT) or user.can(Permission.DIRECTORY_EDIT_ALL):
        return ALLOW
    return refuse("Only managers of hubs and the county desk keep the directory.")


def may_keep_board(user: User | AnonymousUser) -> Decision:
    """What goes into a paper of the committee is kept by the county desk and the county lead."""
    if isinstance(user, User) and user.can(Permission.DIRECTORY_EDIT_ALL):
        return ALLOW
    return refuse("Only the county desk or lead keeps a copy for the committee.")


def may_say_not_offered(user: User, hub: Hub | None) -> Decision:
    """What a hub does not offer is said as what it does; of the whole county, by the county alone."""
    if hub is not None:
        return may_say_offering(user, hub)
    if user.can(Permission.DIRECTORY_EDIT_ALL):
        return ALLOW
    return refuse("Only the county desk or lead can say what is offered nowhere in the county.")


def may_find_for_professionals(user: User | AnonymousUser) -> Decision:
    """What only professionals may ask for is found by those who ask for families, or work with them."""
    asks = (Permission.REFERRAL_SEND, Permission.REFERRAL_DECIDE, Permission.CASE_WORK)
    if isinstance(user, User) and any(user.can(one) for one in asks):
        return ALLOW
    return refuse("Only professionals find this.")


def may_ask_for_assurance(user: User) -> Decision:
    """Those who know are asked, and what nobody confirms is hidden, by the clock alone."""
    if user.is_service:
        return ALLOW
    return refuse("Kith itself asks whether entries are true.")


def may_set_hiding(user: User) -> Decision:
    """When nobody reads any more what nobody confirmed is the county's to say."""
    if user.can(Permission.SETTINGS_EDIT):
        return ALLOW
    return refuse("Only the county lead or an administrator can set when entries are hidden.")


def may_bring(user: User) -> Decision:
    """What other directories tell of comes in for the county desk or lead, and daily by the clock."""
    if user.can(Permission.DIRECTORY_EDIT_ALL) or user.is_service:
        return ALLOW
    return refuse("Only the county desk or lead can take services from other directories.")


def may_keep_words(user: User) -> Decision:
    """The words by which services are sorted and found are the county's: one list, for every hub."""
    if user.can(Permission.DIRECTORY_EDIT_ALL):
        return ALLOW
    return refuse("Only the county desk or lead can change the words of the directory.")


def may_propose(user: User, provider: Provider) -> Decision:
    """People of a partner propose what is said of their own organisation's services."""
    teams = {team.pk for team in user.teams_granting(Permission.DIRECTORY_PROPOSE)}
    if provider.partner and provider.partner.team_id in teams:
        return ALLOW
    return refuse("Only people of the organisation that gives it can propose changes.")
