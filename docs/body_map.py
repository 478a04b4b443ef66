"""Draw the regions and spots of the body map for the guide: `make screenshots`."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from app import create_app
from questionnaire.rulebook.content import BODY_MAP_REGIONS

PICTURE = Path(__file__).parent / "pictures" / "body-map.svg"

TEMPLATE = """\
{% from "_body_map.html" import body_map, map_shapes, spot_shapes, spots_at with context %}
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 690 360" width="690" height="360">
<title>The values of region and of spot on the body map</title>
<style>
text { font: 650 13px system-ui, sans-serif; fill: #17211f; }
.figure { fill: #f3efe8; stroke: #42504b; stroke-width: .9; stroke-linejoin: round; }
.hair { fill: #b6bfbb; }
.caption { stroke: none; }
.region { fill: #8fcac2; stroke: #0a5953; stroke-width: .5; }
.leader { fill: #fff; stroke: #17211f; stroke-width: .8; }
.spot { fill: #a3151d; fill-opacity: .2; stroke: #a3151d; stroke-width: 1.2; }
</style>
<rect width="690" height="360" fill="#fff"/>
{{ map_shapes() }}
<text x="10" y="20">region</text>
<svg x="0" y="26" width="330" height="328">{{ body_map(labels, "region", linked=false) }}</svg>
<text x="350" y="20">spot</text>
<g transform="translate(310 26)">
<use href="#map-figure"/>
{% for name, points in spots_at.items() %}
{% set x, y, half_width, _ = points[-1 if points[0][0] > 200 else 0] %}
{% set left = x < 200 %}
{% set high = {"pelvis": 22, "hips": -16, "lower-back": -12}.get(name, 0) %}
<g class="spot">{{ spot_shapes(name) }}</g>
<path class="leader" d="M{{ 92 if left else 292 }} {{ y + high }}L{{ x }} {{ y }}"/>
<text x="{{ 88 if left else 296 }}" y="{{ y + high + 4 }}" text-anchor="{{ "end" if left else "start" }}">{{ name }}</text>
{% endfor %}
</g>
</svg>
"""  # noqa: E501


def draw() -> str:
    """Return the picture, made of the shapes that the pages show."""
    labels = {
        name: SimpleNamespace(rank=None, words=name, group=SimpleNamespace(name=name))
        for name in BODY_MAP_REGIONS
    }
    app = create_app()
    with app.test_request_context():
        return app.jinja_env.from_string(TEMPLATE).render(labels=labels)


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")
