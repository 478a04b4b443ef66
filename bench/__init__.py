"""Measurements and pictures, apart from the tests: how long things take, what is caught."""
