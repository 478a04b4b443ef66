"""What a rulebook says: its parts, and everything that can be wrong with its file."""
