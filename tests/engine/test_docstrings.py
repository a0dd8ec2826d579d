"""A number without a source is an opinion: every public function of the engine names one."""

import importlib
import inspect
import pkgutil

import engine

# No formula in them: errors, readers, shapes of input and output, exact conversions.
EDGES = {
    "engine.errors",
    "engine.evaluation",
    "engine.plant",
    "engine.plant.table",
    "engine.provenance",
    "engine.tables",
    "engine.units",
}


def public_functions():
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        if module.name in EDGES:
            continue
        members = inspect.getmembers(importlib.import_module(module.name), inspect.isfunction)
        for name, function in members:
            if function.__module__ == module.name and not name.startswith("_"):
                yield module.name, name, inspect.getdoc(function) or ""


def test_every_public_function_has_references_or_is_a_definition():
    silent = [
        f"{module}.{name}"
        for module, name, text in public_functions()
        if "References" not in text and "Definition." not in text
    ]

    assert silent == []


def test_the_engine_has_many_public_functions():
    assert len(list(public_functions())) > 40
