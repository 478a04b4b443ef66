"""The body map: static/body.svg with the muscle groups of a result shaded by their place.

The drawing holds one `<g class="region" data-region="...">` for each region, with its leaders and
its label on lines of their own. A page gets the shapes once, by `shapes`, and any number of maps
that use them, by `draw`. A region that is not in a result keeps its shape and loses its label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup, escape

DRAWING = Path(__file__).parent.parent.parent / "static" / "body.svg"

_OPENING = re.compile(r'<svg[^>]*viewBox="([^"]+)"[^>]*>')
_REGION = re.compile(r'<g class="region" data-region="([a-z-]+)">(?:<!--.*?-->)?')
_LEGEND = re.compile(r'^<(?:path class="leader"|text class="label").*\n', re.MULTILINE)
_LABEL = re.compile(r'<text class="label"(?: data-fits="(\d+)")?([^>]*>)[^<]*')
_FITS = 14
"""How many letters fit beside the map, where the drawing does not say otherwise."""


@dataclass(frozen=True)
class _Drawing:
    view: str
    shapes: str
    legends: Mapping[str, str]


@cache
def _drawing() -> _Drawing:
    """Return the drawing, taken apart into its shapes and, by region, leaders and label."""
    opening, rest = DRAWING.read_text("utf-8").split("\n", 1)
    before, *parts = _REGION.split(rest.removesuffix("</svg>\n"))
    drawn = dict(zip(parts[::2], parts[1::2], strict=True))
    figure = before.replace("</defs>", "", 1).replace(
        '<g class="figure">', '<g id="map-figure" class="figure">', 1
    )
    shapes = "".join(f'<g id="map-{name}">{_LEGEND.sub("", one)}' for name, one in drawn.items())
    view = _OPENING.match(opening)
    return _Drawing(
        view=view[1] if view else "",
        shapes=f'<svg class="map-shapes" aria-hidden="true">{figure}{shapes}</defs></svg>',
        legends={name: "".join(_LEGEND.findall(one)) for name, one in drawn.items()},
    )


def regions() -> frozenset[str]:
    """Return the names of the regions that the map draws."""
    return frozenset(_drawing().legends)


def shapes() -> Markup:
    """Return the shapes that every map on a page uses, to stand in it once."""
    return Markup(_drawing().shapes)  # noqa: S704 - our own drawing


def draw(labels: Mapping[str, tuple[int, str]], *, title: str, description: str) -> Markup:
    """Return a map as inline SVG.

    `labels` has the place (from 1) and the label of each region to shade. Of a label that does
    not fit, the place is left.
    """
    told = f"{escape(title)}: {escape(description)}" if description else escape(title)
    opening = f'<svg role="img" aria-label="{told}" viewBox="{_drawing().view}">'
    shaded = "".join(
        _region(name, legend, labels.get(name)) for name, legend in _drawing().legends.items()
    )
    whole = f'{opening}<use href="#map-figure"/>{shaded}</svg>'
    return Markup(whole)  # noqa: S704 - escaped above


@lru_cache(maxsize=256)
def _region(name: str, legend: str, label: tuple[int, str] | None) -> str:
    if label is None:
        return f'<g class="region"><use href="#map-{name}"/></g>'
    place, words = label

    def write(found: re.Match[str]) -> str:
        fits = len(words) <= int(found[1] or _FITS)
        return f'<text class="label"{found[2]}{escape(words if fits else place)}'

    written = _LABEL.sub(write, legend)
    return f'<g class="region rank-{min(place, 5)}"><use href="#map-{name}"/>{written}</g>'
