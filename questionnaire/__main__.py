"""`python -m questionnaire`: the commands for authors and hosts."""

from questionnaire.authoring.commands import rules

rules(prog_name="python -m questionnaire")
