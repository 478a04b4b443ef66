"""Answers in, an assessment out: pure Python without Flask, YAML, files or clocks."""
