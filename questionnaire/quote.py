"""What a stranger sent, made fit to be shown in a message."""

LONGEST = 40


def printable(text: str) -> str:
    """Return the text with “�” for every character that cannot be printed."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def quoted(text: str | None) -> str:
    """Return the text in quotation marks, printable and at most 40 characters long."""
    shown = printable(text or "")
    return f"“{shown if len(shown) <= LONGEST else shown[:LONGEST] + '…'}”"
