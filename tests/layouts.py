"""Invented page layouts filled with invented articles: text and the zone of each line.

A layout file has a zone, a tab and a text per line; {headline}, {author} ... come from articles.toml, {3} stands for
the next three paragraphs, {*} for all that are left, {**} for all in one line. "# wrap 72" wraps lines at that width,
"# gap 0" sets the blank lines between paragraphs of one {3}.
"""

import re
import textwrap
import tomllib
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
ARTICLES = tomllib.loads((FIXTURES / "articles.toml").read_text(encoding="utf-8"))["articles"]
LAYOUTS = sorted(p.stem for p in (FIXTURES / "layouts").glob("*.txt"))


def page(layout: str, article: dict) -> tuple[str, list[str]]:
    """The text of a layout filled with an article, and the zone of each of its lines."""
    lines, zones, wrap, gap = [], [], 0, None
    paragraphs, crossheads = list(article["paragraphs"]), list(article["crossheads"])
    words = {**article, "AUTHOR": article["author"].upper(), "SECTION": article["section"].upper()}
    words |= {"dateline": article["place"], "initials": article["author"][0].lower() + "r"}
    source = (FIXTURES / "layouts" / f"{layout}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    if gap is None:
        gap = int(any(not line for line in source))
    for line in source:
        if m := re.match(r"# (wrap|gap) (\d+)$", line):
            wrap, gap = (int(m[2]), gap) if m[1] == "wrap" else (wrap, int(m[2]))
            continue
        zone, _, text = line.partition("\t")
        if "{crosshead}" in text:
            text = text.replace("{crosshead}", crossheads.pop(0) if crossheads else "Another heading of the text")
        count = re.search(r"\{(\d+|\*\*?)\}", text)
        taken = [""]
        if count:
            n = int(count[1]) if count[1].isdigit() else len(paragraphs)
            taken, paragraphs = paragraphs[:n], paragraphs[n:]
            if count[1] == "**":
                taken = [" ".join(taken)]
        before, _, after = text.partition(count[0]) if count else (text, "", "")
        taken = [before + taken[0], *taken[1:]] if count else [text]
        taken[-1] += after
        for nth, paragraph in enumerate(taken):
            if nth and gap:
                lines += [""] * gap
                zones += ["blank"] * gap
            full = re.sub(r"\{(\w+)\}", lambda m: words[m[1]], paragraph)
            pieces = textwrap.wrap(full, wrap, break_on_hyphens=False) if wrap and full else [full]
            lines += pieces
            zones += [zone or "blank"] * len(pieces)
    return "\n".join(lines), zones


def pages():
    """(layout, number of the article, text, zones) for every layout with every article."""
    for layout in LAYOUTS:
        for number, article in enumerate(ARTICLES):
            yield (layout, number, *page(layout, article))
