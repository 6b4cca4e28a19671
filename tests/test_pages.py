"""The annotated and the redacted article, the strips and the front page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, TEXT, study_of, tables_of

from helpers import annotation, pages, strips
from helpers.annotation import Cards, Mark

NOTEBOOKS = Path("notebooks")


class Reader(HTMLParser):
    """Collects ids, links and tags of a page, and the text of an element by class, cards and labels left out."""

    def __init__(self, html: str):
        super().__init__()
        self.ids, self.links, self.tags, self.text = [], [], [], []
        self._stack: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if "href" in attributes else []
        if tag not in ("meta", "input", "link", "img", "br", "li", "p"):
            self._stack.append((tag, attributes.get("class") or ""))
        elif tag == "p":
            self._stack = [e for e in self._stack if e[0] != "p"] + [("p", "")]

    def handle_endtag(self, tag):
        while self._stack and any(e[0] == tag for e in self._stack):
            if self._stack.pop()[0] == tag:
                break

    def handle_data(self, data):
        inside = self._stack
        labels = any(e[0] == "p" or e[1] in ("no", "by") or e[1].startswith(("tone", "aside")) for e in inside)
        if any(e == ("article", "text") for e in inside) and not labels:
            self.text.append(data)


def page_of(text=TEXT, *, texts=True, **meta):
    study = study_of((text, tables_of(text, **meta)), texts=texts)
    articles = pages.split(study)
    return pages.article_page(study, "orin", articles["orin"], notebooks=NOTEBOOKS)


def test_annotated_page_shows_the_article_word_for_word():
    shown = " ".join("".join(Reader(page_of()).text).split())
    assert shown == " ".join(TEXT.partition("\n")[2].replace("\n", "").split()).replace(
        "dealPresident", "dealPresident"
    )


def test_every_row_has_its_place_once():
    reader = Reader(page_of())
    rows = tables_of(TEXT)
    expected = {
        f"{t}-{r['start']}" for t in ("frames", "quantities", "sentences", "lines", "sentiment_terms") for r in rows[t]
    }
    expected |= {f"quotes-{rows['quotes'][0]['spans'].split('-')[0]}", f"sources-{rows['sources'][0]['first_start']}"}
    assert expected <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))


def test_links_within_the_page_land():
    reader = Reader(page_of())
    inner = [link[1:] for link in reader.links if link.startswith("#")]
    assert inner
    assert set(inner) <= set(reader.ids)


def test_redacted_page_spells_out_coded_terms_and_nothing_else():
    html = page_of(texts=False)
    body = html[html.index('<article class="text bars">') : html.index("</article>")]
    shown = re.sub(r"<w-(\d+)></w-\1>", "", body)
    for word in ("Monday", "nobody", "doubted", "gift to", "banks", "yet", "sold", "shells"):
        assert word not in shown
    assert ">peacemaker<" in shown
    assert "4.2 billion" in shown


def test_bars_are_as_long_as_the_words():
    assert re.findall(r"<w-(\d+)>", annotation.words("██ ███████ █")) == ["2", "7", "1"]
    assert re.findall(r"<w-(\d+)>", annotation.words("█" * 45)) == ["20", "20", "5"]


def test_redacted_text_never_spells_out_eight_words_in_a_row():
    words = "one two three four five six seven eight nine ten"
    tables = {name: [] for name in ("lines", "sentences", "frames", "quantities")}
    tables["lines"] = [{"start": "0", "end": str(len(words)), "word_lengths": "3 3 5 4 4 3 5 5 4 3"}]
    tables["quantities"] = [{"start": "0", "end": str(len(words)), "surface": words}]
    shown = annotation.redacted(tables, len(words))
    assert shown == "one two three four five six seven █████ nine ten"


def test_without_word_lengths_sentences_are_bars():
    tables = {
        "lines": [{"start": "0", "end": "9"}],
        "sentences": [{"start": "0", "end": "9"}],
        "frames": [],
        "quantities": [],
    }
    assert annotation.redacted(tables, 9) == "█" * 9


def test_hostile_text_is_inert_in_every_place():
    text = TEXT.replace("nobody doubted it", HOSTILE.replace("\n", " ")).replace("Tal Orin", "<b onclick=x>")
    rows = tables_of(TEXT, headline=HOSTILE, outlet=HOSTILE, author=HOSTILE, url="javascript:alert(1)")
    for table in rows.values():
        for row in table:
            for key in ("speaker", "name", "role", "term", "surface", "cue", "rule", "frame", "stance", "zone"):
                if key in row and key != "zone":
                    row[key] = HOSTILE
    study = study_of((text, rows))
    articles = pages.split(study)
    for html in (
        pages.article_page(study, "orin", articles["orin"], notebooks=NOTEBOOKS),
        pages.front_page(study, articles, findings=(), notebooks=NOTEBOOKS),
    ):
        reader = Reader(html)
        assert not {"script", "img", "b" * 2, "iframe", "object", "form"} & {tag for tag, _ in reader.tags}
        assert not [a for _, attributes in reader.tags for a in attributes if a.startswith("on")]
        assert not [link for link in reader.links if "javascript" in link]
        assert "\u202e" not in html
        assert "\x1b" not in html


def test_only_http_addresses_are_linked():
    assert 'href="https://example.org/a"' in page_of(url="https://example.org/a")
    assert "ftp://example.org" not in page_of(url="ftp://example.org/a")


def test_overlapping_marks_open_one_card():
    row = {}
    marks = [Mark(0, 5, "frames", "f", row), Mark(3, 9, "quantities", "n", row), Mark(12, 14, "frames", "f", row)]
    spans = [(a, b, len(together)) for a, b, together in annotation.clusters(marks, 0, 20)]
    assert spans == [(0, 9, 2), (12, 14, 1)]


def test_marks_are_cut_to_the_passage():
    marks = [Mark(0, 5, "frames", "f", {}), Mark(8, 12, "frames", "f", {})]
    assert [(a, b) for a, b, _ in annotation.clusters(marks, 2, 10)] == [(2, 5), (8, 10)]


def test_strip_links_every_mark_to_its_row():
    rows = pages.split(study_of((TEXT, tables_of(TEXT))))["orin"]
    links = Reader(strips.strip("orin", rows)).links
    starts = {f"article-orin.html#frames-{TEXT.index('peacemaker')}", f"article-orin.html#quotes-{TEXT.index('“')}"}
    assert starts <= set(links)


def test_scale_runs_over_the_body_only():
    x = strips.Scale([{"zone": "body", "start": "10", "end": "19"}, {"zone": "body", "start": "50", "end": "59"}])
    assert (x(10), x(50), x(5)) == (24, 512, 8)


def test_front_page_links_articles_and_shows_findings():
    study = study_of((TEXT, tables_of(TEXT, outlet="The Bank")))
    finding = ("03_trade.html", "Which figures?", '<p class="finding">Two.</p>')
    html = pages.front_page(study, pages.split(study), findings=[finding], notebooks=NOTEBOOKS)
    assert '<a href="article-orin.html">The Bank</a>' in html
    assert "Two." in html
    assert 'href="03_trade.html"' in html
    assert "2 sentences; 1 quotation by 1 source; 1 peace term, 0 of them asserted; 1 trade figure." in html


@pytest.mark.parametrize(("value", "shown"), [("0.42", "+0.42"), ("-0.3", "−0.30"), ("0", "0"), ("", "0"), ("2", "+2")])
def test_scores_show_their_sign(value, shown):
    assert annotation.signed(value) == shown


class Silent(Cards):
    """Cards without words."""

    def __init__(self):
        self.sources = {}

    def frames(self, row):
        return ""

    quotes = quantities = frames


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_any_marks_leave_the_text_as_it_is(data):
    text = data.draw(st.text("ab <&>\"'$é", min_size=1, max_size=40))
    spot = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(spot, spot).map(sorted), max_size=6))
    looks = [("frames", "f"), ("quotes", "q"), ("sentiment_terms", "up"), ("quantities", "n")]
    marks = []
    for i, (a, b) in enumerate(spans):
        table, look = looks[i % 4]
        row = {"spans": f"{a}-{b}", "start": str(a), "speaker": "Z", "source_id": ""}
        marks.append(Mark(a, b, table, look, row))
    marks.sort(key=lambda m: (m.start, -m.end, m.table))
    explain = Silent()
    html = annotation.Annotator(text, marks, explain).passage(0, len(text))
    html = html.replace("<details class=by><summary>Z</summary></details>", "")
    parser = HTMLParser()
    seen: list[str] = []
    parser.handle_data = seen.append
    parser.feed(html)
    parser.close()
    assert "".join(seen) == text
    ids = re.findall(r"id=([\w-]+)", html)
    assert len(ids) == len(set(ids))


def test_cards_name_the_rule_and_the_row():
    rows = pages.split(study_of((TEXT, tables_of(TEXT))))["orin"]
    study = study_of((TEXT, tables_of(TEXT)))
    shown = Cards("orin", rows, study.codebook).frames(rows["frames"][0])
    assert "so_called · frames:orin:" in shown
    assert f"frames:orin:{TEXT.index('peacemaker')}" in shown
