"""What an author types: `python -m questionnaire check`, and the same as `flask rules check`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from questionnaire.authoring.explain import explain, parse_answers
from questionnaire.rulebook.loader import RulebookError, describe, inspect, opened
from questionnaire.rulebook.yaml_reader import Problem

ROOT = Path(__file__).parent.parent.parent
STARTER = Path(__file__).with_name("starter.yaml")
SCHEMA = ROOT / "docs" / "rulebook.schema.json"


@click.group()
def rules() -> None:
    """Check, explain and start rulebooks."""


def _served() -> Path:
    """Return the rulebook that the site serves."""
    if "FLASK_RULES" in os.environ:
        return Path(os.environ["FLASK_RULES"])
    here, path = Path.cwd(), ROOT / "rules.yaml"
    return path.relative_to(here) if path.is_relative_to(here) else path


@rules.command()
@click.argument("file", type=click.Path(path_type=Path), default=_served)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
def check(file: Path, as_json: bool, strict: bool) -> None:
    """Say everything that is wrong with a rulebook, its logic included."""
    problems = inspect(file)
    errors = [one for one in problems if one.severity == "error"]
    warnings = [one for one in problems if one.severity == "warning"]
    if as_json:
        found = {"file": str(file), "problems": [asdict(one) for one in problems]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for problem in errors + warnings:
            click.echo(describe(file, problem))
        click.echo(_summary(file, errors, warnings), err=True)
    sys.exit(1 if errors or (strict and warnings) else 0)


def _summary(file: Path, errors: list[Problem], warnings: list[Problem]) -> str:
    if not errors and not warnings:
        return f"{file}: no problem found"
    many = [f"{len(errors)} error{'' if len(errors) == 1 else 's'}"]
    many += [f"{len(warnings)} warning{'' if len(warnings) == 1 else 's'}"]
    return f"{file}: {', '.join(many)}"


@rules.command("explain")
@click.argument("text", metavar="ANSWERS")
@click.option("--rules", "file", type=click.Path(path_type=Path), default=_served)
def explain_command(text: str, file: Path) -> None:
    """Show how ANSWERS ("knee, hips", or a results code) lead to their result."""
    source, rulebook = opened(file)
    if rulebook is None or source.errors:
        raise click.ClickException(str(RulebookError(file, source.errors)))
    try:
        answers = parse_answers(rulebook, text)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    for line in explain(source, rulebook, answers):
        click.echo(line)


@rules.command()
def schema() -> None:
    """Print the JSON Schema of rulebooks, for editors."""
    from questionnaire.authoring.schema import (
        schema as json_schema,
    )  # here, or each start takes it along

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@rules.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a small rulebook to start from, with comments."""
    text = STARTER.read_text("utf-8").replace("docs/rulebook.schema.json", _schema_from(file))
    try:
        with file.open("x", encoding="utf-8", newline="\n") as started:
            started.write(text)
    except FileExistsError:
        raise click.ClickException(f"{file} exists already: choose another name") from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"{file} is written. Next: python -m questionnaire check {file}")


def _schema_from(file: Path) -> str:
    """Return the way from a new rulebook to the schema, as an editor needs it."""
    try:
        return Path(os.path.relpath(SCHEMA, file.resolve().parent)).as_posix()
    except ValueError:  # another drive of Windows
        return SCHEMA.as_uri()
