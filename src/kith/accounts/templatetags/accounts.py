"""Words about how somebody signs in."""

from django import template

from kith.accounts import browsers

register = template.Library()
register.filter("browser", browsers.in_words)
