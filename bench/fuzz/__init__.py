"""Coverage-guided fuzzing by atheris: `make fuzz`, or `python -m bench.fuzz` for its options."""
