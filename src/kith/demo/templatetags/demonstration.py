"""What the demonstration shows on pages of other rooms, which do not know of it."""

from django import template

from kith.demo.people import PASSWORD, SIGN_INS, SignIn

register = template.Library()


@register.simple_tag
def demonstration_sign_ins() -> tuple[SignIn, ...]:
    """Return the accounts that a visitor of the demonstration may use."""
    return SIGN_INS


@register.simple_tag
def demonstration_password() -> str:
    """Return the one password of the demonstration county."""
    return PASSWORD
