"""The widgets in a real JupyterLab in a real browser: filter, click, code three units, reload, find them saved."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
CELLS = [
    "from helpers import explore, study",
    "data = study.read('study')",
    "explore.concordance(data)",
    "explore.sources(data)",
    "explore.figures(data)",
    "explore.article(data, 'northwind')",
    "explore.code(data, sample=4, seed=1, coder='roe')",
]

HOSTILE = """The Signal

Truce "><img src=x onerror="window.pwned=1"> holds

By Eve <script>window.pwned=1</script> Roe

The <script>window.pwned=1</script> mediator said the truce "held
<img src=x onerror='window.pwned=1'> so far" on Friday.

A peacemaker [click](javascript:window.pwned=1) rejected the peace plan, $190bn and $147bn, on Monday, officials said.
"""

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or os.environ.get("BROWSER_TESTS") == "0",
    reason="no chromium on this machine, or BROWSER_TESTS=0",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "tests" / "study", folder / "study")
    (folder / "study" / "hostile.txt").write_text(HOSTILE)
    cells = [
        {"cell_type": "code", "id": f"lab-{i:02d}", "metadata": {}, "source": s, "outputs": [], "execution_count": None}
        for i, s in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "lab.ipynb").write_text(json.dumps(notebook))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = "a-token-for-this-test"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", "--LabApp.news_url="]
    home = tmp_path_factory.mktemp("home")
    environment = os.environ | {"HOME": str(home), "PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"}
    environment.pop("HELPERS_WIDGETS", None)
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{address}/api?token={token}", timeout=2)
                    break
                except OSError:
                    time.sleep(0.5)
            else:
                pytest.fail(f"JupyterLab did not start: {(home / 'log').read_text()[-2000:]}")
            yield folder, f"{address}/lab/tree/lab.ipynb?token={token}"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def page(lab):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1100})
        page.set_default_timeout(120_000)
        errors = []
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.errors = errors
        page.goto(lab[1])
        run_all(page)
        yield page
        browser.close()


def run_all(page):
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # a run before this asks for a kernel
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    # cells far below are not drawn until they are scrolled to
    page.locator(".jp-CodeCell", has_text="explore.code(data").scroll_into_view_if_needed()
    page.wait_for_selector(".oc-coder")


def test_the_concordance_filters_and_a_click_shows_the_paragraph(page):
    widget = page.locator(".jp-CodeCell", has_text="explore.concordance(data)")
    rows = widget.locator(".oc-rows tbody tr")
    rows.first.wait_for()
    before = rows.count()
    assert before > 5
    widget.get_by_label("outlet").select_option("Northwind")
    page.wait_for_function(
        "n => document.querySelectorAll('.oc-rows')[0].querySelectorAll('tbody tr').length < n", arg=before
    )
    assert 0 < rows.count() < before
    rows.first.click()
    widget.locator("blockquote mark").wait_for()
    assert "Northwind" in widget.locator(".widget-html").inner_text()


def test_a_source_shows_its_quotes(page):
    widget = page.locator(".jp-CodeCell", has_text="explore.sources(data)")
    widget.locator("tbody tr").first.click()
    widget.locator("blockquote").first.wait_for()


def test_charts_are_redrawn_without_an_outlet(page):
    widget = page.locator(".jp-CodeCell", has_text="explore.figures(data)")
    image = widget.locator("img").first
    before = image.get_attribute("src")
    widget.get_by_text("Northwind").click()
    page.wait_for_function(
        "([old]) => [...document.querySelectorAll('.jp-CodeCell img')].length && "
        "![...document.querySelectorAll('.jp-CodeCell img')].some(i => i.src === old)",
        arg=[before],
    )


def test_three_units_are_coded_with_keys_and_found_again_after_a_reload(page, lab):
    coder = page.locator(".oc-coder")
    coder.focus()
    for _ in range(3):
        for key in ("o", "h", "u"):
            progress = coder.locator(".oc-count").inner_text()
            page.keyboard.press(key)
            page.wait_for_function("t => document.querySelector('.oc-coder .oc-count').innerText !== t", arg=progress)
    saved = (lab[0] / "study" / "gold" / "frames.roe.csv").read_text().strip().split("\n")
    assert len(saved) == 4
    page.reload()
    run_all(page)
    page.wait_for_function("document.querySelector('.oc-coder .oc-count').innerText.startsWith('4 of 4')")


def test_the_end_shows_agreement_and_back_and_skip_work(page):
    coder = page.locator(".oc-coder")
    coder.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.oc-coder .oc-count').innerText.startsWith('3 of 4')")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.get_by_text("95 % bootstrap interval").first.wait_for()


def test_a_hostile_article_is_inert_in_every_widget(page):
    widget = page.locator(".jp-CodeCell", has_text="explore.concordance(data)")
    widget.scroll_into_view_if_needed()
    rows = widget.locator(".oc-rows tbody tr", has_text="truce")
    rows.first.wait_for()
    widget.locator(".oc-rows tbody tr", has_text="window.pwned").first.click()
    widget.locator("blockquote mark").wait_for()
    assert "<img src=x" in widget.locator(".widget-html").inner_text()
    assert page.evaluate("window.pwned") is None


def test_our_code_puts_no_error_on_the_console(page):
    ours = [e for e in page.errors if "anywidget" in e or "oc-" in e or "helpers" in e]
    assert not ours
