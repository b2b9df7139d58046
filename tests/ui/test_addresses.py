"""The addresses that pages are full of: worked out once, and as Django's own tag writes them."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch


def drawn(source: str, **values) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def test_an_address_is_escaped_kept_and_put_into_a_variable_as_djangos_tag_does():
    for _ in range(2):
        assert drawn("{% url 'casework:case' it %}", it="C-1") == "/cases/C-1/"
        assert drawn("{% url 'casework:case' it as a %}<{{ a }}>", it="C-2") == "</cases/C-2/>"
    assert drawn("{% url 'casework:case' it %}", it="a&b") == "/cases/a&amp;b/"


def test_one_and_true_are_not_the_same_address():
    assert drawn("{% url 'casework:case' it %}", it=1) == "/cases/1/"
    assert drawn("{% url 'casework:case' it %}", it=True) == "/cases/True/"


def test_no_such_address_is_an_error_or_an_empty_variable():
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'no:where' %}")
    assert drawn("{% url 'no:where' as a %}<{{ a }}>") == "<>"
