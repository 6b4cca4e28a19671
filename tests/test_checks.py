"""The checks find what is wrong: differing bytes, faulty pages, copied words."""

import pytest

from helpers import checks, lint

GOOD = (
    '<!DOCTYPE html><html lang="en"><head><title>t</title><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'\"></head><body><h1>t</h1>{}</body></html>"
)


def faults(tmp_path, body, page=GOOD):
    (tmp_path / "a.html").write_text(page.format(body), encoding="utf-8")
    (tmp_path / "b.html").write_text(GOOD.format("<p id='there'>x</p>"), encoding="utf-8")
    return lint.pages(tmp_path)[2]


@pytest.mark.parametrize(
    "body",
    [
        "<p>x</p>",
        "<a href='b.html#there'>x</a><a href='https://example.org/'>y</a><p id=z></p><a href='#z'>w</a>",
        "<p><span>$</span>1</p><pre>$1</pre>",
        "<figure><p class=sr>words</p><figcaption>c</figcaption></figure>",
        "<img src='data:image/png;base64,AA' alt='a line'>",
        "<svg><image href='data:image/png;base64,AA' /></svg>",
        "<svg><path style='fill:url(#a)' id=a /></svg>",
    ],
)
def test_good_pages_pass(tmp_path, body):
    assert faults(tmp_path, body) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>1</script>", "<script>"),
        ("<p onclick='x'>y</p>", "onclick on <p>"),
        ("<a href='javascript:alert(1)'>x</a>", "a link to 'javascript:alert(1)'"),
        ("<img src='https://example.org/x.png' alt='x'>", "src of <img> loads 'https://example.org/x.png'"),
        ("<svg><image href='x.png' /></svg>", "<image> loads 'x.png'"),
        ("<style>p{background:url(x.png)}</style>", "a style sheet that loads something"),
        ("<p style='background:url(x.png)'>x</p>", "a style that loads 'background:url(x.png)'"),
        ("<img src='data:image/png;base64,AA' alt=''>", "an image without alternative text"),
        ("<figure><p class=sr>words</p></figure>", "a figure without caption"),
        ("<figure><figcaption>c</figcaption></figure>", "a figure without words"),
        ("<p id=x></p><p id=x></p>", "id 'x' stands 2 times"),
        ("<a href='c.html'>x</a>", "a dead link to 'c.html'"),
        ("<a href='b.html#nowhere'>x</a>", "a link to a missing place 'b.html#nowhere'"),
        ("<p>from $1bn to $2bn</p>", "a bare $ in 'from $1bn to $2bn'"),
        ("<h1>two</h1>", "2 headings of the first level"),
        (f"<p>{'word ' * 25000}</p>", "125,169 bytes without images (the limit is 100,000)"),
    ],
)
def test_faulty_pages_are_named(tmp_path, body, fault):
    assert faults(tmp_path, body) == [f"a.html: {fault}"]


def test_a_page_without_language_or_policy(tmp_path):
    found = faults(tmp_path, "", page="<html><body><h1>x</h1>{}</body></html>")
    assert found == ["a.html: no lang", "a.html: no content security policy"]


def test_first_difference_names_line_and_place():
    assert checks.first_difference(b"a\nbcd\n", b"a\nbxd\n") == "line 2, character 2: 'bcd' and 'bxd'"


def test_folders_are_compared_file_by_file(tmp_path):
    for name, text in (("one", "x"), ("two", "y")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text(text)
        (tmp_path / name / "same.html").write_text("z")
    (tmp_path / "one" / "b.svg").write_text("x")
    assert checks.compare(tmp_path / "one", tmp_path / "two") == [
        "a.csv: line 1, character 1: 'x' and 'y'",
        "b.svg: written by one run only",
    ]


def test_eight_words_are_found_through_markup_and_headlines_are_free(tmp_path):
    text = "The old mill by the river burned down on Friday night, they said."
    page = tmp_path / "a.html"
    page.write_text("<p>old <b>mill</b> by the river burned down on</p>", encoding="utf-8")
    assert lint.copied([page], {"mill": text}) == ["a.html: eight words in a row of the text of mill"]
    assert lint.copied([page], {"mill": text}, allowed=["Old mill by the river burned down on Friday"]) == []
