"""The editor as a person meets it: a plan to point at, panels to read, keys to press."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import PATIENCE_MS

# The plan is a picture: what its painter writes on it is what a person can read there.
RECORD_TEXT = """
(() => {
  const written = new Set();
  window.writtenOnPlan = { take: () => { const all = [...written]; written.clear(); return all; } };
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    written.add(String(text));
    return fillText.call(this, text, ...place);
  };
})();
"""
TYPESET = str.maketrans({"\u202f": "", "\u00a0": "", "\u2009": "", "\u2212": "-"})


class Point(NamedTuple):
    """A place in millimetres or in pixels."""

    x: float
    y: float


class View(NamedTuple):
    """How the plan lies on the page: pixels = origin + millimetres x scale, Y up."""

    origin: Point
    px_per_mm: float

    def to_page(self, at: Point) -> Point:
        """Where a place of the plan is on the page."""
        x, y = self.origin
        return Point(x + at.x * self.px_per_mm, y - at.y * self.px_per_mm)


class Plan:
    """One page with a design open in the editor."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.surface = page.locator("[data-plan]")
        self.details = page.get_by_role("complementary", name="Details")
        self.dock = page.get_by_role("region", name="Findings, schedule and history")
        self.status = page.locator(".ed-status")
        self.save = page.locator(".ed-save")

    # --- Opening

    def make(self, name: str, *, sample: str) -> Self:
        """Make a design from a sample, as the project page offers it."""
        self._project()
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Start from").select_option(sample)
        self.page.get_by_role("button", name="Make design").click()
        return self.ready()

    def bring(self, file: bytes) -> Self:
        """Import a design file, which opens what it holds."""
        self._project()
        upload = {"name": "design.json", "mimeType": "application/json", "buffer": file}
        self.page.get_by_label("JSON file").set_input_files(upload)  # type: ignore[arg-type]
        self.page.get_by_role("button", name="Import").click()
        return self.ready()

    def open(self, design: str) -> Self:
        """Open a design by its id."""
        self.page.goto(f"/designs/{design}/")
        return self.ready()

    def ready(self) -> Self:
        """Wait until the design is drawn and saved."""
        expect(self.save).to_contain_text("saved")
        return self

    @property
    def design(self) -> str:
        """Id of the design that is open."""
        found = re.search(r"/designs/([0-9a-f-]{36})/", self.page.url)
        assert found is not None, self.page.url
        return found[1]

    # --- Reading

    @property
    def revision(self) -> int:
        """The revision that the top bar names."""
        found = re.search(r"rev (\d+)", self.save.inner_text())
        assert found is not None
        return int(found[1])

    def evaluated(self, *, within_ms: float = PATIENCE_MS) -> Self:
        """Wait until the figures shown are those of the revision shown."""
        self.ready()
        words = re.compile(rf"evaluated rev {self.revision}\b")
        expect(self.dock).to_contain_text(words, timeout=within_ms)
        return self

    def findings(self, rule: str) -> Locator:
        """Rows of the findings table."""
        return self.dock.get_by_role("row").filter(has_text=rule)

    def field(self, label: str) -> Locator:
        """A box of the inspector."""
        return self.details.get_by_label(label, exact=True)

    def shows(self, label: str, value: str, *, within_ms: float = PATIENCE_MS) -> None:
        """Wait until a box of the inspector shows a number, however its digits are grouped."""
        spaced = r"\s?".join(value)
        expect(self.field(label)).to_have_value(re.compile(f"^{spaced}$"), timeout=within_ms)

    def figure(self, label: str) -> str:
        """A line of the results, as plain text."""
        line = self.details.locator(".line", has=self.page.get_by_text(label, exact=True))
        return plain(line.first.inner_text()).replace("\n", " ").removeprefix(label).strip()

    def written(self) -> str:
        """What was written on the plan since it was last asked, line by line."""
        texts = self.page.evaluate("window.writtenOnPlan.take()")
        return plain("\n".join(texts))

    def file(self, revision: int | None = None) -> dict[str, Any]:
        """The design file, as the export link gives it."""
        wanted: Mapping[str, Any] = {} if revision is None else {"revision": revision}
        answer = self.page.request.get(f"/api/designs/{self.design}/file", params=dict(wanted))
        assert answer.ok, answer.text()
        return dict(answer.json())

    def element(self, tag: str) -> dict[str, Any]:
        """An element of the exported file."""
        return next(
            dict(element)
            for element in self.file()["elements"]
            if element.get("identity", {}).get("tag") == tag
        )

    # --- Pointing

    def view(self) -> View:
        """Where the plan lies now, found out by pointing twice and reading the status bar."""
        box = self.surface.bounding_box()
        assert box is not None
        a = Point(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.6)
        b = Point(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.3)
        at_a, at_b = self._pointed(a), self._pointed(b)
        scale = (b.x - a.x) / (at_b.x - at_a.x)
        return View(Point(a.x - at_a.x * scale, a.y + at_a.y * scale), scale)

    def click(self, at: Point, *, view: View | None = None) -> None:
        """Click a place of the plan, in millimetres."""
        self.page.mouse.click(*(view or self.view()).to_page(at))

    def drag(self, start: Point, end: Point, *, drop: bool = True) -> None:
        """Drag from one place of the plan to another, in steps as a hand does."""
        view = self.view()
        self.page.mouse.move(*view.to_page(start))
        self.page.mouse.down()
        self.page.mouse.move(*view.to_page(end), steps=12)
        if drop:
            self.page.mouse.up()

    # --- Keys

    def press(self, *keys: str) -> None:
        """Keys, while the plan has the focus."""
        self.surface.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def command(self, words: str) -> None:
        """Run a command by its name in the palette."""
        self.press("Control+k")
        box = self.page.get_by_label("Command, property, page or tag")
        box.fill(words)
        option = self.page.get_by_role("option").filter(has_text=words).first
        expect(option).to_have_attribute("aria-disabled", "false")
        option.click()

    def select(self, tag: str) -> None:
        """Find an element by its tag, select it and bring it into view."""
        self.command(tag)
        expect(self.details.get_by_role("heading", name=tag, exact=True)).to_be_visible()

    def tab(self, name: str) -> None:
        """Show one of the details' tabs."""
        self.details.get_by_role("tab", name=name).click()

    def type_into(self, label: str, text: str) -> None:
        """Type into a box of the inspector and press Enter."""
        self.field(label).fill(text)
        self.field(label).press("Enter")

    def _project(self) -> None:
        self.page.goto("/")
        self.page.get_by_role("link", name="Samples").click()
        self.page.get_by_role("link", name="Designs", exact=True).click()

    def _pointed(self, at: Point) -> Point:
        where = self.status.locator(".where")
        before = where.inner_text()
        self.page.mouse.move(*at)
        expect(where).not_to_have_text(before)
        numbers = re.findall(r"-?[\d.]+", plain(where.inner_text()))
        return Point(*map(float, numbers[:2]))


def plain(text: str) -> str:
    """A text without the spaces that group digits, and with a plain minus."""
    return text.translate(TYPESET)
