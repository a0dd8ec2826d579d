"""What the code promises in words is there."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import engine
from engine.errors import PlannerError
from planner.problems import FRAMEWORK

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS = ROOT / "docs" / "problems"
PACKAGES = (
    "accounts", "analysis", "catalog", "economics", "engine", "layouts", "planner", "reports",
    "reviews",
)  # fmt: skip


def errors() -> list[type[PlannerError]]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if "migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    return list(descendants(PlannerError))


def descendants(kind: type[PlannerError]) -> Iterator[type[PlannerError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from descendants(child)


def test_every_error_code_has_a_page_that_says_what_to_do():
    codes = {kind.code for kind in errors()} | {code for code, _ in FRAMEWORK.values()}

    without = sorted(code for code in codes if not (PROBLEMS / f"{code}.md").is_file())

    assert without == []


def test_every_page_has_a_title_and_at_least_two_paragraphs():
    thin = [
        path.name
        for path in PROBLEMS.glob("*.md")
        if not path.read_text("utf-8").startswith("# ")
        or len(path.read_text("utf-8").strip().split("\n\n")) < 3
    ]

    assert thin == []


def test_every_error_has_a_code_of_its_own():
    owners: dict[str, str] = {}
    for kind in errors():
        if kind.__module__.partition(".")[0] in PACKAGES:
            assert owners.setdefault(kind.code, kind.__qualname__) == kind.__qualname__


def engine_modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(engine.__path__, "engine."):
        yield importlib.import_module(found.name)


def test_every_public_calculation_names_its_source_or_says_that_it_is_a_definition():
    """A function whose docstring has Parameters is a calculation; it owes its reader a source."""
    silent = [
        f"{module.__name__}.{name}"
        for module in engine_modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        for text in [inspect.getdoc(function) or ""]
        if not text or ("Parameters\n" in text and not says_its_source(text))
    ]

    assert silent == []


def says_its_source(text: str) -> bool:
    return "References\n" in text or "Definition." in text
