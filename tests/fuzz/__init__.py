"""Coverage-guided fuzzing by atheris: `make fuzz`, or `python -m tests.fuzz` for its options."""
