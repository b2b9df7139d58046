"""Who may see which figures."""

from kith.accounts.models import User
from kith.accounts.permissions import ALLOW, Decision, Permission, refuse
from kith.hubs.models import Hub
from kith.hubs.queries import all_hubs


def may_see_figures(user: User) -> Decision:
    """Figures are for those who answer for a hub or for the county."""
    if user.can(Permission.FIGURES_COUNTY) or user.can(Permission.FIGURES_HUB):
        return ALLOW
    return refuse("Figures are for staff of the hubs and the county.")


def may_see_county_figures(user: User) -> Decision:
    """Figures of all hubs side by side belong to those who answer for the county."""
    if user.can(Permission.FIGURES_COUNTY):
        return ALLOW
    return refuse("You can see the figures of your own hub, and the county's as a whole.")


def hubs_to_see(user: User) -> list[Hub]:
    """Return the hubs whose own figures a person may see."""
    hubs = list(all_hubs())
    if user.can(Permission.FIGURES_COUNTY):
        return hubs
    teams = {team.pk for team in user.teams_granting(Permission.FIGURES_HUB)}
    return [hub for hub in hubs if hub.team_id in teams]
