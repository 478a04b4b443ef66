"""The commands of `python -m questionnaire`: check, diff, explain, translate, schema and so on."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from questionnaire.authoring.explain import explain, explain_why, parse_answers
from questionnaire.authoring.quote import quote_all
from questionnaire.authoring.schema import schema
from questionnaire.authoring.silenced_warnings import SILENCED, silence
from questionnaire.authoring.translate import update_translation
from questionnaire.authoring.translation_checks import check_translations
from questionnaire.rulebook.loader import RulebookError, format_problem, read_rulebook
from questionnaire.rulebook.model import Rulebook
from questionnaire.rulebook.translation import original_path, translation_paths
from questionnaire.rulebook.yaml_reader import Problem, YamlDocument
from questionnaire.startup import missing_package

ROOT = Path(__file__).parent.parent.parent
STARTER = Path(__file__).with_name("starter.yaml")
SCHEMA = ROOT / "docs" / "rulebook.schema.json"


def check_rulebook(path: Path, old: Rulebook | None = None) -> list[Problem]:
    """Return every problem of a rulebook, sorted; those of its logic once the rest is right.

    With its old version, also what that had and this lacks. Those that a comment in the file
    silences are among them, with a severity of their own.
    """
    source, rulebook = read_rulebook(path)
    if rulebook and not source.errors:
        _check_logic(source, rulebook)
        if old:
            _check_against(source, rulebook, old)
    return sorted(silence(set(source.problems), source.lines))


def _check_logic(source: YamlDocument, rulebook: Rulebook) -> None:
    try:
        from questionnaire.authoring.checks import (
            all_flaws,  # here: only these need the SAT solver
        )
    except ImportError as error:
        remedy = missing_package(str(error.name))
        source.report((), f"the logic cannot be checked: {remedy}")
        return
    for flaw in all_flaws(source, rulebook):
        line, column = source.position(flaw.path)
        message = _with_lines(flaw.message, source)
        source.add((line, column + flaw.offset), message, flaw.severity)


def _check_against(source: YamlDocument, rulebook: Rulebook, old: Rulebook) -> None:
    """Report the keys that vanished, and the stop notices that somebody loses."""
    try:
        from questionnaire.authoring.difference import Difference
    except ImportError:
        return  # reported already
    difference = Difference(old, rulebook)
    for path, message in difference.lost_keys.problems():
        source.report(path, message)
    notices = [notice.id for notice in rulebook.notices]
    for name, message in difference.lost_stops:
        path = ("notices", notices.index(name)) if name in notices else ("notices",)
        source.report(path, message, "warning")


def _with_lines(message: str, source: YamlDocument) -> str:
    """Return the message of a flaw with the lines of the rules that it names."""

    def lines(rules: re.Match[str]) -> str:
        places = (source.position(("rules", int(number))) for number in rules[1].split("+"))
        *others, last = (str(line) for line, _ in places)
        return f"the rule{'s' * bool(others)} in line{'s' * bool(others)} " + (
            f"{', '.join(others)} and {last}" if others else last
        )

    return re.sub(r"rule#(\d+(?:\+\d+)*)", lines, message)


@click.group()
def rules() -> None:
    """Check, explain and start rulebooks, and list the settings."""


def _served_rulebook() -> Path:
    """Return the path of the rulebook that the site serves, as short as it can be."""
    if "FLASK_RULES" in os.environ:
        return Path(os.environ["FLASK_RULES"])
    folder, path = Path.cwd(), ROOT / "rules.yaml"
    return path.relative_to(folder) if path.is_relative_to(folder) else path


@rules.command("check")
@click.argument("file", type=click.Path(path_type=Path), default=_served_rulebook)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="An old version: also say which choices and stop notices of it are lost.",
)
def check_command(file: Path, as_json: bool, strict: bool, against: Path | None) -> None:
    """Say everything that is wrong with a rulebook, its logic and its translations included."""
    if original := original_path(file):
        reports = check_translations(original, [file]) or {original: check_rulebook(original)}
    else:
        reports = {file: check_rulebook(file, _usable_rulebook(against)[1] if against else None)}
        reports |= check_translations(file, translation_paths(file))
    if as_json:
        _print_json(_as_data(reports))
    else:
        for path, problems in reports.items():
            _print_report(path, problems)
    found = {problem.severity for problems in reports.values() for problem in problems}
    sys.exit(1 if "error" in found or (strict and "warning" in found) else 0)


def _as_data(reports: dict[Path, list[Problem]]) -> Mapping[str, object]:
    """Return the problems of a file for tools, with those of its translations."""
    report, *others = (
        {"file": str(path), "problems": [asdict(problem) for problem in problems]}
        for path, problems in reports.items()
    )
    return report | {"translations": others}


def _print_report(file: Path, problems: list[Problem]) -> None:
    """Print the problems of a file with the lines that they are in, the errors first."""
    shown = [problem for problem in problems if problem.severity != SILENCED]
    by_severity = sorted(shown, key=lambda problem: problem.severity)
    for problem, quotation in quote_all(file, by_severity):
        click.echo(f"{format_problem(file, problem)}\n{quotation}", nl=False)
    click.echo(_summary(file, problems), err=True)


def _print_json(data: object) -> None:
    """Print data as JSON, with escapes if the output is not UTF-8, as JSON has to be."""
    is_utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    click.echo(json.dumps(data, ensure_ascii=not is_utf8, indent=2))


def _summary(file: Path, problems: list[Problem]) -> str:
    found = [problem.severity for problem in problems]
    counts = [
        f"{found.count(severity)} {severity}{'' if found.count(severity) == 1 else 's'}"
        for severity in ("error", "warning")
    ]
    silenced = f", {found.count(SILENCED)} silenced" if SILENCED in found else ""
    told = ", ".join(counts) if {"error", "warning"} & {*found} else "no problem found"
    return f"{file}: {told}{silenced}"


@rules.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
def diff_command(old: Path, new: Path) -> None:
    """Say what changed from OLD to NEW, and for whom the result changes.

    Ends with 0 if nothing changed, 1 if something did, and 2 if a file cannot be used.
    """
    (old_source, old_rulebook), (new_source, new_rulebook) = map(_usable_rulebook, (old, new))
    try:
        from questionnaire.authoring.difference import Difference
    except ImportError as error:
        remedy = missing_package(str(error.name))
        click.echo(f"no results can be compared: {remedy}", err=True)
        sys.exit(2)
    lines = Difference(old_rulebook, new_rulebook).report(old_source, new_source)
    for line in lines or ["nothing changed"]:
        click.echo(line)
    sys.exit(1 if lines else 0)


def _usable_rulebook(path: Path) -> tuple[YamlDocument, Rulebook]:
    """Return a file and the rulebook in it; end with 2 and its problems if there is none."""
    source, rulebook = read_rulebook(path)
    if rulebook is None or source.errors:
        click.echo(str(RulebookError(path, source.errors)), err=True)
        sys.exit(2)
    return source, rulebook


@rules.command("explain")
@click.argument("text", metavar="ANSWERS")
@click.option("--rules", "file", type=click.Path(path_type=Path), default=_served_rulebook)
@click.option("--why", metavar="ID", help="Only say why the rules that lead to this fire or not.")
def explain_command(text: str, file: Path, why: str | None) -> None:
    """Show how ANSWERS ("knee, hips", or a results link) lead to their result."""
    source, rulebook = read_rulebook(file)
    if rulebook is None or source.errors:
        raise click.ClickException(str(RulebookError(file, source.errors)))
    try:
        answers = parse_answers(rulebook, text)
        told = explain_why(source, rulebook, answers, why) if why else None
        for line in told or explain(source, rulebook, answers):
            click.echo(line)
    except ValueError as error:
        raise click.ClickException(str(error)) from None


@rules.command("translate")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("language")
def translate_command(file: Path, language: str) -> None:
    """Write the texts of FILE to translate into LANGUAGE, or bring such a file up to date."""
    _, rulebook = _usable_rulebook(file)
    try:
        update = update_translation(rulebook, file, language)
        if update.text != update.before:
            update.path.write_text(update.text, "utf-8", newline="\n")
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be written: {error.strerror}"
        ) from None
    click.echo(f"{update.path} {update.summary}. Next: python -m questionnaire check {update.path}")


@rules.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of rulebooks, for editors."""
    _print_json(schema())


@rules.command("new")
@click.argument("file", type=click.Path(path_type=Path))
def new_command(file: Path) -> None:
    """Write a small rulebook to start from, with comments."""
    text = STARTER.read_text("utf-8").replace("docs/rulebook.schema.json", _path_to_schema(file))
    try:
        with file.open("x", encoding="utf-8", newline="\n") as rulebook:
            rulebook.write(text)
    except FileExistsError:
        raise click.ClickException(f"{file} exists already: choose another name") from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"{file} is written. Next: python -m questionnaire check {file}")


def _path_to_schema(file: Path) -> str:
    """Return the path from a new rulebook to the schema, as an editor needs it."""
    try:
        return Path(os.path.relpath(SCHEMA, file.resolve().parent)).as_posix()
    except ValueError:  # another drive of Windows
        return SCHEMA.as_uri()


@rules.command("settings")
def settings_command() -> None:
    """List the settings with their values, defaults and meanings."""
    from questionnaire.serving.settings import (
        PREFIX,
        SETTINGS,
        SettingsError,
        load_settings,
        retired_settings,
    )

    try:
        settings = load_settings({}, os.environ)
    except SettingsError as problems:
        sys.exit(str(problems))
    for warning in retired_settings(os.environ):
        click.echo(warning, err=True)
    for name, field in SETTINGS.items():
        value = getattr(settings, name)
        shown = ",".join(value) if isinstance(value, list) else "" if value is None else value
        click.echo(f"{PREFIX}{name}={shown}")
        click.echo(f"    {field.description} Default: {field.default or 'empty'}.")
