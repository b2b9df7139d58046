"""Withdrawing what was released, in the moment in which a family takes its consent back, or in which
its record is kept to named people."""

from kith.casestudies.actions import withdraw_for, withdraw_restricted
from kith.casework.actions import agreeing
from kith.families.actions import restricting

agreeing.also_when_taken_back(withdraw_for)
restricting.also_when_restricted(withdraw_restricted)
