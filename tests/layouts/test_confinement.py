"""Whatever reads an untrusted file can do nothing else."""

import ast
import platform
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from layouts.errors import FileRefused
from layouts.gate import parsed_by
from tests.layouts import prying_reader

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = [
    path
    for package in PROJECT["tool"]["importlinter"]["root_packages"]
    for path in (ROOT / package).glob("**/*.py")
]
READERS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in MODULES
    if "import RefusedFile" in path.read_text(encoding="utf-8")
)


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64"),
    reason="the kernel's filter is written for Linux on x86-64 and ARM64",
)
def test_a_reader_opens_nothing_and_starts_nothing():
    found = parsed_by(prying_reader, b"")

    assert found["refused"] == list(prying_reader.ATTEMPTS)
    assert not found["is_root"]
    assert set(found["environment"]) <= {"LC_CTYPE"}


def test_a_refusal_reaches_the_caller_whole():
    with pytest.raises(FileRefused) as raised:
        parsed_by(prying_reader, b"something")

    assert raised.value.context == {"reason": "not-nothing", "errors": [{"line": 1}]}


def test_all_readers_are_known():
    assert READERS == [
        "analysis.csv_reader",
        "layouts.json_reader",
        "reviews.bcf_reader",
        "weather.reader",
    ]


@pytest.mark.parametrize("name", READERS)
def test_every_reader_answers_in_confinement(name):
    with pytest.raises(FileRefused) as raised:
        parsed_by(import_module(name), b"\xff\x00 no file of any kind")

    assert raised.value.context["reason"] not in ("limit", "timeout")


@pytest.mark.parametrize("name", READERS)
def test_readers_import_the_standard_library_only(name):
    tree = ast.parse((ROOT / name.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8"))

    imported = {
        module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (
            [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module]
        )
    }
    assert {each for each in imported if each.split(".")[0] not in sys.stdlib_module_names} == {
        "layouts.confinement"
    }


def test_readers_leave_confinement_to_the_child():
    callers = [path for path in MODULES if "confine()" in path.read_text(encoding="utf-8")]

    assert [path.name for path in callers] == ["confinement.py"]
