"""Withdrawing what was released, in the moment in which a family takes its consent back."""

from kith.casestudies.actions import withdraw_for
from kith.casework.actions import agreeing

agreeing.also_when_taken_back(withdraw_for)
