"""Figures as bars in an SVG picture, black on white, each with its goal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bench.figures import SHORT, Figure, number

WIDTH, LEFT, TOP, ROW, BAR = 760, 300, 56, 26, 14
SCALE = WIDTH - LEFT - 70
"""How long the longest bar may be."""

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" \
font-family="sans-serif" font-size="13">
<title>{title}</title>
<pattern id="short" width="6" height="6" patternUnits="userSpaceOnUse">\
<path d="M0 6L6 0" stroke="#000"/></pattern>
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="22" font-size="16" font-weight="bold">{title}</text>
<text x="12" y="42">{key}</text>
"""
KEY = "Times the constant page's. A line is the goal; a striped bar falls short of it."


def chart(title: str, figures: Sequence[Figure]) -> str:
    """Return the picture of these ratios."""
    scale = SCALE / max(max(one.score, one.goal.limit if one.goal else 0) for one in figures)
    head = HEAD.format(
        width=WIDTH, height=TOP + ROW * len(figures) + 8, title=escape(title), key=escape(KEY)
    )
    rows = (part for n, one in enumerate(figures) for part in _row(one, TOP + ROW * n, scale))
    return head + "\n".join(rows) + "\n</svg>\n"


def _row(figure: Figure, top: int, scale: float) -> Iterator[str]:
    fill = "url(#short)" if figure.verdict == SHORT else "#777"
    length, line = figure.score * scale, top + BAR - 2
    what = escape(figure.what.removeprefix("CPU: "))
    yield f'<text x="{LEFT - 8}" y="{line}" text-anchor="end">{what}</text>'
    yield (
        f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}" fill="{fill}"'
        ' stroke="#000"/>'
    )
    after = length
    if figure.goal:
        goal = figure.goal.limit * scale
        after = max(goal, length)
        yield f'<path d="M{LEFT + goal:.1f} {top - 4}v{BAR + 8}" stroke="#000" stroke-width="3"/>'
    yield f'<text x="{LEFT + after + 8:.1f}" y="{line}">{number(figure.score)}</text>'
