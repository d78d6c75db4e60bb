"""A report in a real browser: it is drawn, answers, and asks nobody for anything."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from render.reports import EVERY_RESULT, EVIL, findings, history, one, several, training_run

from cvtool.records import Gallery, Picture, Report, ReportedRun
from cvtool.render.quantities import loss, share
from cvtool.render.report import write_report
from cvtool.render.report.palette import DARK, LIGHT

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")

pytestmark = [pytest.mark.peer, pytest.mark.slow]

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")

ALL_DRAWN = """() => [...document.querySelectorAll(".chart")].every((place) => {
  const chart = echarts.getInstanceByDom(place);
  if (!chart) return !place.clientWidth;
  const canvas = place.querySelector("canvas");
  if (!canvas) return [...place.querySelectorAll("path")].some((each) => each.getAttribute("d"));
  const { width, height } = canvas;
  return canvas.getContext("2d").getImageData(0, 0, width, height).data.some((each) => each);
})"""

FIRST = "echarts.getInstanceByDom(document.getElementById('chart-1'))"

PLACE = """([id, series, item]) => {
  const place = document.getElementById(id);
  const chart = echarts.getInstanceByDom(place);
  const { x, y } = place.getBoundingClientRect();
  const datum = chart.getOption().series[series].data[item];
  const value = datum.value ?? (Array.isArray(datum) ? datum : [item, datum]);
  const [right, down] = chart.convertToPixel({ seriesIndex: series }, value);
  return [x + right, y + down];
}"""


class Reader:
    """A page somebody has opened, with all that it complained of or asked for."""

    def __init__(self, context: Any, path: Path) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        context.route("**/*", self._answer)
        context.set_offline(True)
        self.page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(path.as_uri())
        self.wait_until(ALL_DRAWN)

    def _answer(self, route: Any) -> None:
        self.requests.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    def wait_until(self, script: str) -> None:
        """Ask again and again; the policy of the page lets nothing do so within it."""
        for _ in range(400):
            if self.page.evaluate(script):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"this did not come true: {script}")

    def point_at(self, chart: str, series: int, item: int) -> str:
        """Point at a mark of a chart and read what it tells."""
        self.page.locator(f"#{chart}").scroll_into_view_if_needed()
        self.page.mouse.move(*self.page.evaluate(PLACE, [chart, series, item]))
        told = self.page.locator(f"#{chart} .told").first
        told.wait_for(state="visible")
        words: str = self.page.locator(f"#{chart} div:has(> .told)").first.inner_text()
        return " ".join(words.split())


Open = Callable[..., Reader]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the browser of this machine, or that of playwright."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_api.sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("there is no browser: install chromium")
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Write a report and open it; at the end it must have asked for nothing but its own file."""
    readers: list[tuple[Reader, Path]] = []
    contexts = []

    def open_it(report: Report, *, width: int = 1280, **how: Any) -> Reader:
        path = tmp_path / f"report-{len(readers)}.html"
        write_report(report, path)
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **how))
        readers.append((Reader(contexts[-1], path), path))
        return readers[-1][0]

    yield open_it
    for reader, path in readers:
        assert reader.complaints == []
        assert [each for each in reader.requests if not each.startswith("data:")] == [path.as_uri()]
    for context in contexts:
        context.close()


@pytest.mark.parametrize("run", EVERY_RESULT.values(), ids=EVERY_RESULT)
def test_every_kind_of_run_is_drawn_without_complaint(opened: Open, run: ReportedRun) -> None:
    page = opened(one(run)).page
    charts = page.evaluate("() => Object.keys(described).length")
    assert page.locator(".chart :is(svg, canvas)").count() == charts
    assert page.evaluate("() => document.querySelectorAll('img[onerror]').length") == 0


def test_runs_beside_each_other_can_be_hidden_by_the_legend(opened: Open) -> None:
    page = opened(several()).page
    page.evaluate(f"{FIRST}.dispatchAction({{ type: 'legendToggleSelect', name: 'first' }})")
    shows = f"{FIRST}.getOption().legend[0].selected.first"
    assert page.evaluate(shows) is False
    page.locator("#theme").click()  # which draws anew, and keeps what was chosen
    assert page.evaluate(shows) is False


def test_hovering_an_epoch_tells_all_its_values(opened: Open) -> None:
    reader = opened(one(training_run()))
    record = history()[4]
    assert reader.point_at("chart-1", 0, 4) == (
        f"epoch 5 training {loss(record.train_loss)} validation {loss(record.val_loss)}"
    )
    assert reader.point_at("chart-2", 1, 4) == (
        f"epoch 5 training {share(record.train_accuracy)} validation {share(record.val_accuracy)}"
    )


def test_hovering_a_mark_shows_names_as_they_are(opened: Open) -> None:
    run = training_run()
    scores = [each for each in run.seen if getattr(each, "name", "") == "folds"]
    reader = opened(one(replace(run, history=(), seen=tuple(scores))))
    # Of each line there are means, points and error bars.
    words = reader.point_at("chart-1", 3, 2)
    assert words == f"{EVIL} k 20 mean 50.0 % ± 30.0 % of 2 values"
    assert reader.page.locator("#chart-1 img").count() == 0


def test_a_cell_opens_its_images_by_click_and_escape_closes_them(opened: Open) -> None:
    page = opened(one(replace(training_run(), seen=(findings(),)))).page
    dialog = page.locator("#examples-dialog")
    cell = page.locator('[data-cell="2,0"]')
    cell.click()
    assert dialog.is_visible()
    assert page.locator("#examples-title").inner_text() == f"{EVIL} taken for cat"
    assert dialog.locator("img").count() == 2
    assert dialog.locator("figcaption", has_text="%").all_inner_texts() == ["90.0 %", "80.0 %"]
    assert page.evaluate("() => document.querySelector('dialog img').naturalWidth") == 8
    page.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert page.evaluate("() => document.activeElement.dataset.cell") == "2,0"


def test_a_cell_opens_its_images_by_keyboard(opened: Open) -> None:
    page = opened(one(replace(training_run(), seen=(findings(),)))).page
    page.locator('[data-cell="0,0"]').focus()
    page.keyboard.press("ArrowDown")  # below there is none, down to the last row
    assert page.evaluate("() => document.activeElement.dataset.cell") == "2,0"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.cell") == "2,2"
    page.keyboard.press("Enter")
    assert page.locator("#examples-dialog").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#examples-dialog").is_hidden()


def _colors(page: Any) -> tuple[str, str]:
    """Tell the color of the words, and of the first line that is drawn."""
    found = page.evaluate(
        """() => [
          getComputedStyle(document.documentElement).getPropertyValue("--ink").trim(),
          echarts.getInstanceByDom(document.getElementById("chart-1")).getOption().series[1].color,
        ]"""
    )
    return found[0], found[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_that_of_the_system_until_it_is_switched(opened: Open, scheme: str) -> None:
    page = opened(one(training_run()), color_scheme=scheme).page
    themes = [LIGHT, DARK] if scheme == "light" else [DARK, LIGHT]
    expected = [(theme["ink"], theme["validation"]) for theme in themes]
    assert _colors(page) == expected[0]
    page.locator("#theme").click()
    assert _colors(page) == expected[1]
    page.locator("#theme").click()
    assert _colors(page) == expected[0]


def test_paper_is_light(opened: Open) -> None:
    reader = opened(one(training_run()), color_scheme="dark")
    assert len(reader.page.pdf()) > 50_000
    reader.wait_until(ALL_DRAWN)
    assert _colors(reader.page) == (DARK["ink"], DARK["validation"])  # as before


@pytest.mark.parametrize("width", [360, 768, 1920])
@pytest.mark.parametrize("report", [one(training_run()), several()], ids=["one", "several"])
def test_the_page_is_never_wider_than_its_window(opened: Open, report: Report, width: int) -> None:
    page = opened(report, width=width).page
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_long_name_of_a_class_is_broken_where_the_window_ends(opened: Open) -> None:
    picture = Picture(np.zeros((4, 4, 1), np.uint8), "x" * 300, "y" * 300)
    gallery = Gallery("examples", "Examples", (("z" * 300, (picture,)),))
    page = opened(one(replace(training_run(), seen=(gallery,)))).page
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_is_folded_away_is_not_on_paper_unless_it_is_opened(opened: Open) -> None:
    page = opened(one(training_run())).page
    folded = page.locator("details.folded").first
    assert folded.is_visible()
    page.emulate_media(media="print")
    assert not folded.is_visible()
    folded.evaluate("each => each.open = true")
    assert folded.is_visible()


def test_charts_follow_the_window(opened: Open) -> None:
    reader = opened(one(training_run()))
    reader.page.set_viewport_size({"width": 500, "height": 900})
    fits = """() => [...document.querySelectorAll(".chart")].every((place) =>
      echarts.getInstanceByDom(place).getWidth() === place.clientWidth)"""
    reader.wait_until(fits)


def test_a_loss_can_be_seen_on_a_logarithmic_axis(opened: Open) -> None:
    page = opened(one(training_run())).page
    kind = f"{FIRST}.getOption().yAxis[0].type"
    button = page.locator('[data-logarithmic="chart-1"]')
    for expected in ("log", "value"):
        button.click()
        assert page.evaluate(kind) == expected
        assert button.get_attribute("aria-pressed") == str(expected == "log").lower()


def test_without_javascript_words_tables_and_pictures_are_there(opened: Open, browser: Any) -> None:
    reader = opened(one(training_run()))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(reader.page.url)
    assert "Without JavaScript" in page.locator("noscript p").inner_text()
    assert page.get_by_text("best validation accuracy").first.is_visible()
    assert page.locator(".matrix").first.is_visible()
    assert page.locator(".row img").first.is_visible()
    assert not page.locator("#theme").is_visible()
    context.close()


def test_the_policy_keeps_scripts_from_running_that_are_not_its_own(opened: Open) -> None:
    reader = opened(one(training_run()))
    reader.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.broken = true";
          document.body.append(script);
        }"""
    )
    assert reader.page.evaluate("() => window.broken") is None
    assert len(reader.complaints) == 1
    assert "Content Security Policy" in reader.complaints.pop()
