"""What every page must keep to, checked on the finished HTML: nothing loads, nothing runs, every link lands, every
figure is told in words, and (where texts are at hand) nothing published repeats eight words of an article.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

LIMIT = 100_000  # bytes of a page without its images
A_WORD = 60  # bytes for each word of an annotated article
RUN = 8  # words
POLICY = "default-src 'none'"
STAND_IN = "no description has been provided"
ACTIVE = frozenset("script iframe object embed form link base audio video source track portal".split())
VERBATIM = frozenset("style title pre code svg".split())
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
PUBLISHED = {".csv", ".html", ".ipynb", ".md", ".py", ".svg", ".toml", ".txt"}


class Page(HTMLParser):
    """A page's ids, links, faults and figures."""

    def __init__(self, html: str):
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.faults: list[str] = []
        self.policy = self.lang = False
        self.headings = 0
        self._open: list[str] = []
        self._figure: dict[str, str] | None = None
        self._part = ""
        self.feed(html)
        self.close()
        if not self.lang:
            self.faults.append("no lang")
        if not self.policy:
            self.faults.append("no content security policy")
        if self.headings != 1:
            self.faults.append(f"{self.headings} headings of the first level")

    def handle_starttag(self, tag, attrs):
        attributes = {k: v or "" for k, v in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag in ACTIVE:
            self.faults.append(f"<{tag}>")
        if tag == "html":
            self.lang = bool(attributes.get("lang"))
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = attributes.get("content", "").startswith(POLICY)
        self.headings += tag == "h1"
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        for name, value in attributes.items():
            self._attribute(tag, name, value)
        if tag == "figure":
            self._figure = {"words": "", "caption": ""}
        elif self._figure is not None and tag == "img":
            self._figure["words"] += attributes.get("alt", "")
        elif self._figure is not None and tag == "figcaption":
            self._part = "caption"
        elif self._figure is not None and tag == "p" and attributes.get("class") == "sr":
            self._part = "words"
        if tag == "img" and (not attributes.get("alt", "").strip() or STAND_IN in attributes["alt"].lower()):
            self.faults.append("an image without alternative text")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        address = value.strip().lower()
        if name.startswith("on"):
            self.faults.append(f"{name} on <{tag}>")
        elif name in ("href", "xlink:href") and tag == "image":
            self.faults += [] if address.startswith("data:image/png;") else [f"<image> loads {value[:40]!r}"]
        elif name in ("href", "xlink:href"):
            if not address.startswith(("http://", "https://")) and re.match(r"[a-z][a-z0-9+.-]*:", address):
                self.faults.append(f"a link to {value[:40]!r}")
            else:
                self.links.append(value)
        elif name in ("src", "srcset", "poster", "data", "background", "action", "ping"):
            if not address.startswith("data:image/"):
                self.faults.append(f"{name} of <{tag}> loads {value[:40]!r}")
        elif name == "style" and re.search(r"url\((?!#)|@import", address):
            self.faults.append(f"a style that loads {value[:40]!r}")

    def handle_endtag(self, tag):
        if tag in ("figcaption", "p"):
            self._part = ""
        if tag == "figure" and self._figure is not None:
            self.faults += [f"a figure without {k}" for k, v in self._figure.items() if not v.strip()]
            self._figure = None
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if "style" in self._open and re.search(r"url\((?!#)|@import", data):
            self.faults.append("a style sheet that loads something")
        if "$" in data and data.strip() != "$" and not VERBATIM & set(self._open):
            self.faults.append(f"a bare $ in {data.strip()[:40]!r}")
        if self._figure is not None and self._part:
            self._figure[self._part] += data


def pages(folder: Path) -> tuple[int, int, list[str]]:
    """(pages, links, faults "FILE: what") of all pages in `folder`."""
    read = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))}
    parsed = {name: Page(html) for name, html in read.items()}
    faults, links = [], 0
    for name, page in parsed.items():
        size = len(without_images(read[name]).encode())
        limit = allowance(read[name])
        page.faults += [f"{size:,} bytes without images (the limit is {limit:,})"] if size > limit else []
        page.faults += [f"id {i!r} stands {n} times" for i, n in page.ids.items() if n > 1]
        for link in page.links:
            links += 1
            if re.match(r"https?://", link):
                continue
            file, _, anchor = link.partition("#")
            target = parsed.get(file) if file else page
            if target is None and not (folder / unquote(file)).is_file():
                page.faults.append(f"a dead link to {link!r}")
            elif target is not None and anchor and unquote(anchor) not in target.ids:
                page.faults.append(f"a link to a missing place {link!r}")
        faults += [f"{name}: {fault}" for fault in dict.fromkeys(page.faults)]
    return len(parsed), links, faults


def allowance(html: str) -> int:
    """How many bytes a page may have: LIMIT, or more for a long annotated article, whose every word may carry marks."""
    article = re.search(r'<article class="text.*?</article>', html, re.DOTALL)
    text = re.sub(r"<details.*?</details>|<[^w][^>]*>", "", article.group(), flags=re.DOTALL) if article else ""
    return max(LIMIT, A_WORD * len(text.split()))


def without_images(html: str) -> str:
    """The page without drawings and embedded images."""
    return re.sub(r'<svg\b.*?</svg>|data:image/[^"]*', "", html, flags=re.DOTALL)


# eight words ----------------------------------------------------------------------------------------------------------


def runs(text: str, length: int = RUN) -> Iterator[str]:
    """All runs of `length` words, in lower case, marks left out.

    >>> list(runs("One, two: “three”", 2))
    ['one two', 'two three']
    """
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return (" ".join(words[i : i + length]) for i in range(len(words) - length + 1))


def copied(files: Iterable[Path], texts: Mapping[str, str], *, allowed: Iterable[str] = ()) -> list[str]:
    """Faults: files that repeat eight words in a row of a text; runs within an `allowed` phrase (a headline) may."""
    free = {run for phrase in allowed for run in runs(phrase)}
    protected = {run: name for name, text in texts.items() for run in runs(text) if run not in free}
    faults = []
    for path in files:
        raw = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".csv":  # words of two cells are no run
            forms = [cell for row in csv.reader(raw.splitlines()) for cell in row]
        else:
            forms = [re.sub(r"<[^>]*>", "", raw), raw]
        names = sorted({protected[run] for form in forms for run in runs(form) if run in protected})
        faults += [f"{path.name}: eight words in a row of the text of {name}" for name in names]
    return faults
