"""How long a browser takes to draw the report of thirty epochs, and how large the file is."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from cvtool.config import TrainConfig
from cvtool.experiments import train_cnn
from cvtool.experiments.report import report
from cvtool.records import Report
from cvtool.render.report import write_report

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
LOADS = 7
DRAWN = "performance.getEntriesByType('mark').map((mark) => mark.startTime)"
CHARTS = "document.querySelectorAll('.chart').length"


@pytest.fixture
def thirty_epochs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Report on a run on colored photographs of as many classes as CIFAR-10 has."""
    monkeypatch.chdir(tmp_path)
    config = TrainConfig(dataset="shapes", limit=1000, epochs=30, name="long")
    for _ in train_cnn.train(config):
        pass
    [found] = [each for each in report(["long"]) if isinstance(each, Report)]
    write_report(found, tmp_path / "report.html")
    return tmp_path / "report.html"


@pytest.mark.benchmark
def test_drawing(thirty_epochs: Path, record_property: Any) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="a browser needs playwright")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    times = []
    with sync_api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser, args=list(ARGUMENTS))
        for _ in range(LOADS):
            page = opened.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.goto(thirty_epochs.as_uri())
            charts = page.evaluate(CHARTS)
            while len(page.evaluate(DRAWN)) < charts:
                page.wait_for_timeout(20)
            times.append(max(page.evaluate(DRAWN)))
        opened.close()
    size = thirty_epochs.stat().st_size
    record_property("milliseconds", sorted(times)[LOADS // 2])
    print(
        f"\n  {size / 1e6:.2f} MB; {charts} charts drawn after {min(times):.0f} to "
        f"{max(times):.0f} ms, median {sorted(times)[LOADS // 2]:.0f}"
    )
    assert charts
    assert size
