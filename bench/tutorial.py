"""Our questions as a form of plain Flask-WTF, as a tutorial writes it: widgets and a CSRF token.

It has no styles, no script and no icon, sends no headers of its own, and works nothing out.
"""

from __future__ import annotations

from flask import Flask, redirect, render_template, url_for
from flask_wtf import FlaskForm
from jinja2 import DictLoader
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from questionnaire.rulebook.loader import load
from questionnaire.rulebook.model import Question
from tests.process import ROOT

RULES = ROOT / "rules.yaml"
FORM = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Questions</title></head>
<body>
<h1>Questions</h1>
<form method="post">
{{ form.csrf_token }}
{% for field in form if field.name not in ("csrf_token", "submit") %}
<div>
{{ field.label }}
{{ field() }}
{% for error in field.errors %}<p class="error">{{ error }}</p>{% endfor %}
</div>
{% endfor %}
{{ form.submit() }}
</form>
</body>
</html>
"""


class BoxesField(SelectMultipleField):  # type: ignore[misc]  # wtforms has no types
    """A question of which several choices may be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def create_app() -> Flask:
    """Return the application: the form, and a page that thanks for it."""
    app = Flask(__name__, static_folder=None)
    app.jinja_loader = DictLoader({"form.html": FORM})  # kept once compiled, as files are
    app.config["SECRET_KEY"] = "not a secret in a bench"  # noqa: S105
    form_class = _form_class()

    @app.route("/", methods=["GET", "POST"])
    def form() -> str | Response:
        filled = form_class()
        if filled.validate_on_submit():
            return redirect(url_for("done"))
        return render_template("form.html", form=filled)

    @app.get("/done")
    def done() -> str:
        return "Thank you."

    return app


def _form_class() -> type[FlaskForm]:
    fields = {question.id: _field(question) for question in load(RULES).questions}
    return type("QuestionsForm", (FlaskForm,), fields | {"submit": SubmitField("Send")})


def _field(question: Question) -> RadioField | BoxesField:
    choices = [SelectChoice(choice.id, choice.text) for choice in question.choices]
    needed = [DataRequired() if question.required else Optional()]
    kind = RadioField if question.pick == "one" else BoxesField
    return kind(question.text, choices=choices, validators=needed)
