"""A questionnaire that links a runner's answers to the muscle groups one article names."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - all here is syntax that an older one can read
    this = sys.version.split()[0]
    sys.exit(
        "This needs Python 3.11 or newer, and this is " + this + ": see https://www.python.org"
    )
