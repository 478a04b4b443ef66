"""Tools for authors, none of which a serving process needs."""
