"""Run every benchmark and print one table: goal, figure, ratio, limit, pass or short.

``./run bench`` calls this; ``./run bench engine`` runs the modules whose name contains "engine".
A benchmark is a module here with ``run() -> list[Row]``; names with a leading underscore are help.
"""

import importlib
import pkgutil
import sys
from typing import TypedDict

import benchmarks


class Row(TypedDict):
    """One promise: a ratio (or an absolute figure) and the limit that it must stay under."""

    goal: str
    figure: str
    ratio: float
    limit: float
    passed: bool


def main(wanted: str) -> int:
    """Print the table; exit code 1 when a promise falls short."""
    names = [
        m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("_")
    ]
    rows: list[Row] = []
    for name in names:
        if wanted in name:
            rows += importlib.import_module(f"benchmarks.{name}").run()
    width = max((len(row["goal"]) for row in rows), default=0)
    for row in rows:
        verdict = "pass" if row["passed"] else "short"
        print(  # noqa: T201
            f"{row['goal']:<{width}}  {row['figure']:>24}  {row['ratio']:>8.3f}"
            f"  limit {row['limit']:>7.3f}  {verdict}"
        )
    return 0 if all(row["passed"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
