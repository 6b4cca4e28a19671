"""Every page in a real browser: nothing loads, nothing runs, everything can be read, every link lands.

Needs Chromium (Debian's, or CHROMIUM=path), playwright and axe; skips with a reason where one is missing.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from invented import HOSTILE, TEXT, study_of, tables_of

from helpers import pages, reports, study

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make test installs it)")
axe_module = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed (make test installs it)")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ROOT = Path(__file__).parents[1]
DEMO = ROOT / "tests" / "study"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
# as long as the real thing: names and terms that run on, a headline that would be script
ATTACKED = TEXT.replace("nobody doubted it", HOSTILE).replace("both banks", "https://example.org/" + "x" * 90)

if not CHROMIUM:
    pytest.skip("no Chromium here (apt-get install chromium, or CHROMIUM=path)", allow_module_level=True)


@pytest.fixture(scope="module")
def browser(site):  # the site first: kernels need an event loop of their own
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The report of the invented study with its texts (site), without them (redacted), and of a hostile article."""
    folder = tmp_path_factory.mktemp("site")
    done = reports.report(reports.notebooks_in(ROOT / "notebooks"), folder=DEMO, out=folder / "full")
    assert not done.failures
    data = study.read(DEMO)
    pages.write(data, out=folder / "full", notebooks=ROOT / "notebooks", findings=done.findings)
    absent = study.Study(folder=DEMO, codebook=data.codebook, tables=data.tables)
    pages.write(absent, out=folder / "redacted", notebooks=ROOT / "tests")
    rows = tables_of(TEXT, headline=HOSTILE, outlet=HOSTILE, author=HOSTILE, url="javascript:alert(1)")
    for table, column in (("quotes", "speaker"), ("frames", "actor"), ("sources", "name"), ("quantities", "measure")):
        for row in rows[table]:
            row[column] = HOSTILE
    pages.write(study_of((ATTACKED, rows)), out=folder / "hostile", notebooks=ROOT / "tests")
    return folder


@pytest.fixture
def opened(browser):
    """Opens a page; returns it with all that it asked for and all that it said on the console."""
    context = browser.new_context(viewport=WIDE, color_scheme="light")

    def open_page(path: Path):
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.goto(path.as_uri())
        return page, asked, said

    yield open_page
    context.close()


def violations(page, **rules) -> list[str]:
    """What axe finds on the page as it stands."""
    found = page.evaluate("options => axe.run(options)", rules)["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} times)" for v in found]


def too_wide(page) -> list[str]:
    wide, window = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    return [f"{wide} px wide in a window of {window}"] if wide > window else []


@pytest.mark.parametrize("part", ["full", "redacted", "hostile"])
def test_every_page_is_quiet_and_accessible(opened, site, part):
    """Light and wide by all rules; dark again by contrast, narrow again by size and width: nothing else changes."""
    faults = []
    for path in sorted((site / part).glob("*.html")):
        page, asked, said = opened(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(axe_module.AXE_FILE_PATH.read_text(encoding="utf-8"))
        found = too_wide(page) + violations(page, runOnly=RULES)
        page.emulate_media(color_scheme="dark")
        found += [f"dark, {v}" for v in violations(page, runOnly=["color-contrast"])]
        page.set_viewport_size(NARROW)
        narrow = violations(page, runOnly=["target-size", "scrollable-region-focusable", "color-contrast"])
        found += [f"narrow, {v}" for v in too_wide(page) + narrow]
        found += [f"asks for {url}" for url in asked if url != path.as_uri()] + [f"says {line}" for line in said]
        faults += [f"{path.name}: {fault}" for fault in found]
        page.close()
    assert faults == []


def test_hostile_text_does_nothing(opened, site):
    for path in sorted((site / "hostile").glob("*.html")):
        page, asked, said = opened(path)
        page.wait_for_timeout(200)
        assert (asked, said) == ([path.as_uri()], [])
        assert page.evaluate("document.scripts.length + document.querySelectorAll('[onerror],[onclick]').length") == 0
        assert page.evaluate("[...document.links].filter(a => !/^(file|https?):/.test(a.href)).length") == 0


def test_every_link_lands(opened, site):
    for path in sorted((site / "full").glob("*.html")):
        page, _, _ = opened(path)
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
        page.close()
        for file, _, anchor in {link.partition("#") for link in links if not link.startswith("http")}:
            target = path.parent / file if file else path
            assert target.is_file(), f"{path.name}: {file}"
            assert not anchor or re.search(rf'id="?{re.escape(anchor)}[" >]', target.read_text(encoding="utf-8"))


def test_a_mark_of_the_front_page_leads_to_its_place(opened, site):
    page, _, _ = opened(site / "full" / "index.html")
    page.locator(".strip a[href*='#quotes-']").first.dispatch_event("click")
    page.wait_for_url("**/article-*")
    assert page.evaluate("document.querySelector(':target').id.startsWith('quotes-')")
    top, height = page.evaluate("[document.querySelector(':target').getBoundingClientRect().top, innerHeight]")
    assert 0 <= top < height


def test_layers_switch_off_without_script(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "full" / "article-northwind.html").as_uri())
    speaker = page.locator(".by summary").first
    assert speaker.is_visible()
    page.locator("#show-quotes").uncheck()
    assert not speaker.is_visible()
    score = page.locator(".tone summary").first
    assert not score.is_visible()
    page.locator("#show-tone").check()
    assert score.is_visible()
    card = page.locator(".tone p").first
    assert not card.is_visible()
    score.click()
    assert card.is_visible()
    context.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(opened, site):
    page, _, _ = opened(site / "full" / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_money_reads_as_typed(opened, site):
    page, _, _ = opened(site / "full" / "article-northwind.html")
    assert "rose to $18.4 billion in 2030" in page.locator("article").inner_text()
