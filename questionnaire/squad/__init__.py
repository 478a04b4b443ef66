"""From pasted text to a squad: each result with its runner's name, or with a number."""
