"""Every sentence stands whole in a template, so that another language can order it as it likes."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, nodes

from tests.conftest import ROOT
from tests.web.test_words import END, INLINE, SPOKEN

FOLDER = ROOT / "templates"
EXCEPTED = {"about/rules.html", "errors/error.html", "errors/bad_host.html", "errors/rulebook.html"}
"""The rules as sentences, and what is said when something broke: these may be put together."""

VALUE = "◆"
WHOLE = re.compile(rf"([^{VALUE}:]*:)?\W*")
"""A value alone, or a list of values, after a label with a colon or without one."""


def outline(node: nodes.Node | None, branch: int) -> str:
    """The text of a template with VALUE for what is filled in, for one branch of every `if`."""
    match node:
        case None:
            return ""
        case nodes.TemplateData(data=text) | nodes.Const(value=text):
            return str(text)
        case (
            nodes.Getattr(node=nodes.Getattr(attr="texts"))
            | nodes.Call(node=nodes.Name(name="time_to_fill_in" | "preset_answers"))
        ):
            return "A sentence."
        case nodes.Call(node=nodes.Name(name="_" | "pgettext"), args=[*_, nodes.Const(value=text)]):
            said = re.sub(r"%\(\w+\)s", VALUE, str(text))  # translators can move its values
            return VALUE if VALUE in said and said[-1] not in ".!?" else said.replace(VALUE, "it")
        case nodes.CondExpr(expr1=first, expr2=second):
            return outline((first, second)[branch], branch)
        case nodes.If(body=first, elif_=second, else_=third):
            others = outlines(second, 0) + outlines(third, 1)
            return others if branch else outlines(first, 0)
        case nodes.Block(body=body) | nodes.Macro(body=body):
            return f"<p>{outlines(body, branch)}</p>"
        case (
            nodes.Output(nodes=parts)
            | nodes.Concat(nodes=parts)
            | nodes.Template(body=parts)
            | nodes.For(body=parts)
            | nodes.With(body=parts)
        ):
            return outlines(parts, branch)
        case nodes.Stmt():
            return ""
        case _:
            return VALUE


def outlines(parts: Iterable[nodes.Node], branch: int) -> str:
    return "".join(outline(one, branch) for one in parts)


def put_together(template: str) -> list[str]:
    """The sentences and labels of a template in which words stand around or after a value."""
    found = []
    for branch in (0, 1):
        page = BeautifulSoup(outline(Environment().parse(template), branch), "html.parser")  # noqa: S701
        texts = [str(tag[name]) for name in SPOKEN for tag in page.select(f"[{name}]")]
        for tag in page.select(".problems"):  # error messages
            tag.decompose()
        for tag in page.select(INLINE):
            tag.unwrap()
        page.smooth()
        for text in [*texts, *page.stripped_strings]:
            parts = (one.strip() for one in re.split(rf"{END}| · ", " ".join(text.split())))
            found += [one for one in parts if VALUE in one and not WHOLE.fullmatch(one)]
    return found


@pytest.mark.parametrize(
    "name",
    sorted({path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html")} - EXCEPTED),
)
def test_no_sentence_is_put_together_around_a_value(name: str) -> None:
    assert not put_together((FOLDER / name).read_text("utf-8"))


@pytest.mark.parametrize(
    "template",
    [
        "<p>{{ count }} runners</p>",
        '<p>{{ count }} {{ "result" if count == 1 else "results" }}</p>',
        '<p>Wait.{% if joint %} Joint {{ place }} with <a href="#">{{ other }}</a>{% endif %}</p>',
        "<p>{% if count %}Some.{% elif last %}Line {{ first }} to {{ last }}{% endif %}</p>",
        '<h2>{{ "Compared with " ~ day }}</h2>',
        "<li>Glutes: {{ count }} of {{ all }}</li>",
        '<img alt="The code of {{ name }}">',
    ],
)
def test_a_sentence_around_a_value_is_found(template: str) -> None:
    assert put_together(template)


@pytest.mark.parametrize(
    "template",
    [
        "<p>Statements matched: {{ count }}{% if joint %} · Equal with: {{ joint }}{% endif %}</p>",
        '<p>Names: {% for one in all %}{{ one }}{{ ", " if not loop.last }}{% endfor %}</p>',
        '<p class="card{{ " wrong" if problem }}">A sentence. {{ another }} <a>{{ third }}</a></p>',
        "<title>{{ heading }} – {{ title }}</title>",
        '<p>{{ _("%(count)s of %(all)s matched.", count=count, all=all) }} {{ another }}</p>',
    ],
)
def test_values_alone_lists_and_labels_are_no_sentences(template: str) -> None:
    assert not put_together(template)
