"""What every page keeps to: no inline scripts or styles, nothing of GOV.UK's own, one base."""

import re
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "kith"
TEMPLATES = sorted(SRC.glob("*/templates/**/*.html"))
SHIPPED = sorted(
    path for path in SRC.rglob("*") if path.is_file() and "__pycache__" not in path.parts
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_template_holds_no_script_or_style_of_its_own(template):
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", template.read_text(), flags=re.S)

    # The content security policy would refuse them; JSON for a script to read is no script.
    inline = [
        script
        for script in re.findall(r"<script\b[^>]*>", text)
        if " src=" not in script and "application/json" not in script
    ]
    assert inline == []
    assert not re.search(r"<style\b", text)
    assert not re.search(r"""\sstyle\s*=\s*["']""", text)
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", text), "an event handler"
    assert "javascript:" not in text
    assert not re.search(
        r"""(?:src|href)=["'](?:https?:)?//[^"']*\.(?:js|css|woff2?|png|svg)""", text
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SRC)))
def test_a_page_that_sends_a_form_guards_it(template):
    text = template.read_text()

    for form in re.findall(r"<form\b.*?</form>", text, flags=re.S):
        if re.search(r"""method=["']post["']""", form.split(">")[0], flags=re.I):
            assert "csrf_token" in form, form[:200]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SRC)))
def test_nothing_a_person_typed_is_trusted_as_markup(template):
    text = template.read_text()

    assert "|safe" not in text.replace(" ", "")
    assert "autoescapeoff" not in text.replace(" ", "")


def test_what_is_shipped_wears_nothing_that_only_gov_uk_may_wear():
    names = [path.name for path in SHIPPED if re.search(r"crest|crown", path.name, flags=re.I)]
    text = [
        str(path.relative_to(SRC))
        for path in SHIPPED
        if path.suffix in {".css", ".js", ".scss", ".html", ".svg"}
        and re.search(r"GDS Transport|govuk-crest|govuk-crown|logo-crown", path.read_text())
    ]
    fonts = [path.name for path in SHIPPED if path.suffix in {".woff", ".woff2", ".ttf", ".otf"}]

    assert (names, text, fonts) == ([], [], [])
