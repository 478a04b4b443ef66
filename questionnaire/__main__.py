"""`python -m questionnaire`: the commands for authors and hosts."""

if not __package__:  # `python path/to/questionnaire`, from any folder
    import sys
    from pathlib import Path

    sys.path[0] = str(Path(__file__).resolve().parent.parent)

if __name__ == "__main__":
    from questionnaire import startup

    startup.prepare()  # the packages of the commands may be missing

from questionnaire.authoring.commands import rules

rules(prog_name="python -m questionnaire")
