"""Chromium, and an eye on every page for what went wrong unseen."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Response,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1440, "height": 900}
# Everything the tests wait for is local: what takes longer than this is broken, also on two cores.
PATIENCE_MS = 30_000
FAILED = 400
CUT_OFF = "net::ERR_INTERNET_DISCONNECTED"


def chromium() -> str | None:
    """The program, by environment or by name; None where there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """A Chromium that talks to nobody but the server under test."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))


# No slots: Playwright keeps a note on the object whose method it calls.
@dataclass
class Watch:
    """What pages said to the console, and which of their requests failed."""

    complaints: list[str] = field(default_factory=list)
    is_forgiving: bool = False  # somebody was cut off, and news of that may come late
    expected: frozenset[int] = frozenset()  # refusals that a test is about

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context, those to come too."""
        context.on("console", self._heard)
        context.on("response", self._answered)
        context.on("requestfailed", lambda request: self._failed(request.url, request.failure))
        context.on("weberror", lambda error: self.complaints.append(f"thrown: {error.error}"))

    @contextmanager
    def cut_off(self, context: BrowserContext) -> Iterator[None]:
        """No network until the block ends: requests fail on purpose."""
        self.is_forgiving = True
        context.set_offline(True)
        yield
        context.set_offline(False)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Answers with these statuses are what the block is about."""
        self.expected = frozenset(statuses)
        yield
        self.expected = frozenset()

    def _heard(self, message: ConsoleMessage) -> None:
        expected = any(f"a status of {status} " in message.text for status in self.expected)
        if message.type in {"error", "warning"} and not expected:
            self._complain(f"{message.type}: {message.text} ({message.location['url']})")

    def _answered(self, response: Response) -> None:
        if response.status >= FAILED and response.status not in self.expected:
            self._complain(f"answer {response.status}: {response.url}")

    def _failed(self, url: str, failure: str | None) -> None:
        # Leaving a page ends what it was still asking for.
        if failure != "net::ERR_ABORTED":
            self._complain(f"failed: {url} ({failure})")

    def _complain(self, text: str) -> None:
        if not (self.is_forgiving and CUT_OFF in text):
            self.complaints.append(text)


def first_visit(page: Page, link: str, *, name: str, password: str) -> None:
    """Follow the one link, make the first account, and wait for the sample to stand there."""
    page.goto(link)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Make account and open the sample").click()
    page.get_by_text("saved").wait_for()


def go(page: Page, address: str) -> None:
    """Go there, also from a page that shows itself anew at this very moment."""
    try:
        page.goto(address)
    except Error as error:
        if "ERR_ABORTED" not in error.message:
            raise
        page.wait_for_load_state()
        page.goto(address)
