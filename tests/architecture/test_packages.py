"""The house stays as drawn: what import contracts cannot say."""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_LAYERS = {"tests", "benchmarks"}
ENGINE_MAY_IMPORT = {*sys.stdlib_module_names, "engine", "numpy", "scipy", "shapely", "numba"}
# They cost seconds or a hundred megabytes in every process that imports them.
HEAVY = (
    "scipy",
    "matplotlib",
    "plotly",
    "typst",
    "numba",
    "pandas",
    "pvlib",
    "ortools",
    "ezdxf",
    "ifcopenshell",
    "pxr",
)
NAMES_WITHOUT_PURPOSE = {"utils", "helpers", "common", "misc", "base", "manager", "processor"}


def packages() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


def modules(package: str) -> Iterator[Path]:
    return (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module or "")
    return found


def test_every_package_at_the_root_is_under_contract():
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    under_contract = configuration["tool"]["importlinter"]["root_packages"]

    assert sorted(under_contract) == [each for each in packages() if each not in NOT_LAYERS]


@pytest.mark.parametrize("path", list(modules("engine")), ids=lambda path: path.name)
def test_the_engine_imports_arrays_and_geometry_only(path):
    assert {name.partition(".")[0] for name in imported_by(path)} <= ENGINE_MAY_IMPORT


def test_nothing_heavy_is_imported_at_start():
    script = (
        "import sys, django; django.setup();"
        "import planner.asgi, planner.celery, planner.urls;"
        "planner.celery.app.loader.import_default_modules();"
        "print(*sorted(sys.modules))"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "planner.settings"}

    loaded = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environment},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert "planner.asgi" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_every_module_has_a_name_that_says_something():
    named = {path.stem: path for package in packages() for path in modules(package)}

    assert named.keys() & NAMES_WITHOUT_PURPOSE == set()


def test_no_signals_and_no_overridden_saves():
    hidden = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for package in packages()
        if package not in NOT_LAYERS
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "save"
    ]
    listeners = [
        str(path.relative_to(ROOT))
        for package in packages()
        for path in modules(package)
        if any(name.startswith("django.db.models.signals") for name in imported_by(path))
    ]

    assert hidden == listeners == []
