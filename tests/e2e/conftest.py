"""One server, one browser and one signed-in person for all journeys."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, StorageState, expect, sync_playwright

from tests.e2e.browser import DESKTOP, PATIENCE_MS, Watch, chromium, first_visit, launch
from tests.e2e.plan import RECORD_TEXT, Plan
from tests.e2e.server import Server, serving
from tests.e2e.team import Person, Team

NAME, PASSWORD = "ada", "nine unrelated warm pipes"


@pytest.fixture(scope="package", autouse=True)
def _possible() -> None:
    if chromium() is None:
        pytest.skip("there is no Chromium on this machine; CHROMIUM may say where one is")
    if not (Path(settings.BASE_DIR) / "static/build/manifest.json").exists():
        pytest.fail("the front end is not built: `./run test` builds it first")


# Closed before other tests run: they could not start a loop of their own beside Playwright's.
@pytest.fixture(scope="package")
def browser(_possible: None) -> Iterator[Browser]:
    """Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = launch(playwright)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def server(_possible: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Plenum, started as a user starts it."""
    with serving(tmp_path_factory.mktemp("plenum")) as started:
        yield started


@pytest.fixture(scope="package")
def signed_in(browser: Browser, server: Server) -> StorageState:
    """The cookies of the first account's browser."""
    context = browser.new_context(viewport=DESKTOP)
    context.set_default_timeout(PATIENCE_MS)
    first_visit(context.new_page(), server.link, name=NAME, password=PASSWORD)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test when a page complained and nobody meant it to."""
    eye = Watch()
    yield eye
    assert eye.complaints == []


@pytest.fixture
def new_browser(
    browser: Browser, server: Server, signed_in: StorageState, watch: Watch
) -> Iterator[Callable[[], BrowserContext]]:
    """Makes another browser in which the person is signed in, or nobody yet."""
    made: list[BrowserContext] = []

    def make(*, knows_nobody: bool = False) -> BrowserContext:
        context = browser.new_context(
            base_url=server.home,
            viewport=DESKTOP,
            storage_state=None if knows_nobody else signed_in,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(RECORD_TEXT)
        watch.over(context)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    server.listen()


@pytest.fixture
def team(new_browser: Callable[..., BrowserContext]) -> Team:
    """The first person at their browser, who may invite others."""

    def guest() -> BrowserContext:
        return new_browser(knows_nobody=True)

    return Team(Person(NAME, new_browser().new_page()), guest)


@pytest.fixture
def plan(new_browser: Callable[[], BrowserContext]) -> Plan:
    """A page of the signed-in person's browser."""
    return Plan(new_browser().new_page())
