"""SVG of charts made safe to stand inside a page: a whitelist of shapes, no script, no style sheet, no outside address.

Inside the page a chart follows its colours (dark pages), its points are links to rows, and it asks for nothing.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from .corpus import Refused
from .markup import escape

SHAPES = frozenset(
    "svg g path defs use clipPath rect circle ellipse line polyline polygon text tspan a image pattern".split()
)
PLAIN = frozenset(
    """d transform x y x1 y1 x2 y2 dx dy cx cy r rx ry points width height viewBox preserveAspectRatio fill stroke
    opacity stroke-width stroke-dasharray stroke-linecap stroke-linejoin fill-opacity stroke-opacity text-anchor
    font-size font-weight font-family clipPathUnits patternUnits""".split()
)
PROPERTIES = frozenset(
    """fill stroke opacity stroke-width stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit fill-opacity stroke-opacity fill-rule text-anchor font font-size font-weight font-style
    font-family mix-blend-mode""".split()
)
PLACE = re.compile(r"(?:https?://[^\s\"'<>]+|[\w.-]+\.html(?:#[\w.:-]+)?|#[\w.:-]+)\Z")
_VALUE = re.compile(r"[\w\s#.,%'()+-]*\Z")
_HEX = re.compile(r"#([0-9a-f]{6})\b")
_REFERENCE = re.compile(r"url\(#([\w-]+)\)\Z")
_DATA = re.compile(r"data:image/png;base64,[\sA-Za-z0-9+/=]*\Z")


def inline(svg: str, *, name: str) -> str:
    """The SVG as markup that may stand in a page, its ids prefixed with `name`, its links out of the tab order.

    Colours become variables of the page (`var(--c-1a1a1a, #1a1a1a)`). What the whitelist does not know is dropped.
    Raises Refused for anything that is not one plain SVG.
    """
    if "<!ENTITY" in svg:
        raise Refused(f"{name}.svg: it declares entities; draw it anew")
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise Refused(f"{name}.svg: {error}; draw it anew") from None
    if _local(root.tag) != "svg":
        raise Refused(f"{name}.svg: no SVG; draw it anew")
    return _element(root, prefix=f"{name}-", top=True)


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _element(node: ElementTree.Element, *, prefix: str, top: bool = False) -> str:
    tag = _local(node.tag)
    if tag not in SHAPES:
        return ""
    attributes = _attributes(node, tag, prefix)
    if top:
        attributes = {k: v for k, v in attributes.items() if k not in ("width", "height", "id")}
        attributes |= {"xmlns": "http://www.w3.org/2000/svg", "aria-hidden": "true", "focusable": "false"}
    if tag == "a" and "href" not in attributes:
        tag = "g"
    elif tag == "a":
        attributes["tabindex"] = "-1"
    opened = tag + "".join(f' {k}="{escape(v, attribute=True)}"' for k, v in attributes.items())
    text = escape(node.text, attribute=True) if tag in ("text", "tspan") and node.text else ""
    inner = text + "".join(
        _element(child, prefix=prefix) + (escape(child.tail, attribute=True) if tag == "text" and child.tail else "")
        for child in node
    )
    return f"<{opened}>{inner}</{tag}>" if inner else f"<{opened}/>"


def _attributes(node: ElementTree.Element, tag: str, prefix: str) -> dict[str, str]:
    kept = {}
    for key, value in node.attrib.items():
        key = _local(key)
        if key == "id":
            kept["id"] = prefix + re.sub(r"[^\w-]", "-", value)
        elif key == "clip-path" and (m := _REFERENCE.match(value)):
            kept[key] = f"url(#{prefix}{m.group(1)})"
        elif key == "style":
            if style := _style(value, prefix):
                kept[key] = style
        elif key == "href":
            if tag == "use" and value.startswith("#"):
                kept[key] = "#" + prefix + value[1:]
            elif tag == "a" and PLACE.match(value):
                kept[key] = value
            elif tag == "image" and _DATA.match(value):
                kept[key] = re.sub(r"\s", "", value)
        elif key in PLAIN and _VALUE.match(value):
            if key in ("fill", "stroke"):
                kept["style"] = ";".join(filter(None, [kept.get("style", ""), f"{key}:{_themed(value)}"]))
            else:
                kept[key] = value
    return kept


def _style(value: str, prefix: str) -> str:
    """The declarations of known properties; nothing that could load anything but a pattern of the same drawing."""
    kept = []
    for declaration in value.split(";"):
        name, _, what = (part.strip() for part in declaration.partition(":"))
        if name == "fill" and (m := _REFERENCE.match(what)):  # hatching
            kept.append(f"fill:url(#{prefix}{m.group(1)})")
        elif name in PROPERTIES and _VALUE.match(what) and "url" not in what.lower():
            kept.append(f"{name}:{_themed(what)}")
    return ";".join(kept)


def _themed(value: str) -> str:
    return _HEX.sub(lambda m: f"var(--c-{m.group(1)},#{m.group(1)})", value.lower() if "#" in value else value)
