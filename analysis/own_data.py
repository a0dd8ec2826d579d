"""An organisation's own figures: measured points and cost lines, out of a file that anyone wrote.

Pure: text rows in, checked values out, or every problem with its line.
"""

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from engine.assumptions import Quantity, shipped_lines
from engine.errors import Invalid
from engine.tables import Point, gpu_systems, models
from engine.tokens.measurements import OWN
from engine.tokens.roofline import EXPERT_BYTES

Kind = Literal["points", "lines"]
Problem = dict[str, str]
Row = Mapping[str, str]

MAX_ROWS: Final = 20_000
MAX_PROBLEMS: Final = 100
POINT_COLUMNS: Final = (
    "model_key", "precision", "gpu", "isl", "osl", "tok_s_per_user", "tok_s_per_gpu_total",
    "source",
)  # fmt: skip
POINT_EXTRAS: Final = (
    "framework", "spec", "disagg", "p_tp", "p_ep", "p_dpa", "concurrency", "date",
    "ttft_median_s", "gpu_power_w",
)  # fmt: skip
LINE_COLUMNS: Final = ("line", "value", "source")
LINE_EXTRAS: Final = ("low", "high", "notes")


class OwnDataInvalid(Invalid):
    """A file of own figures has rows that cannot be used; `errors` names each line."""

    code = "own-data-invalid"
    title = "The file has rows that cannot be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """What an organisation puts over the shipped tables."""

    lines: Mapping[str, Quantity] = field(default_factory=dict)
    points: tuple[Point, ...] = ()


NO_OWN_DATA: Final = OwnData()


def read_rows(kind: Kind, cells: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """The rows of a table whose first line names its columns, checked one by one.

    Raises
    ------
    OwnDataInvalid
        If a column is missing or unknown, a number is none or out of range, or a name is
        unknown; `errors` lists every line that is wrong, the first hundred of them.
    """
    needed, extra = (
        (POINT_COLUMNS, POINT_EXTRAS) if kind == "points" else (LINE_COLUMNS, LINE_EXTRAS)
    )
    if not cells:
        raise OwnDataInvalid("The file is empty.", errors=[])
    header = [name.strip() for name in cells[0]]
    problems: list[Problem] = [
        {"path": "line 1", "message": f"the column {name!r} is missing"}
        for name in needed
        if name not in header
    ]
    problems += [
        {"path": "line 1", "message": f"there is no column {name!r}"}
        for name in header
        if name not in (*needed, *extra)
    ]
    if len(set(header)) < len(header):
        problems.append({"path": "line 1", "message": "a column stands twice"})
    if len(cells) - 1 > MAX_ROWS:
        problems.append({"path": "line 1", "message": f"at most {MAX_ROWS:,} rows are read"})
    rows: list[dict[str, str]] = []
    if not problems:
        check = _point_faults if kind == "points" else _line_faults
        for number, line in enumerate(cells[1:], start=2):
            if not any(cell.strip() for cell in line):
                continue
            rows.append(_row(header, line, f"line {number}", check, problems))
            if len(problems) >= MAX_PROBLEMS:
                break
    if not problems and not rows:
        problems.append({"path": "line 2", "message": "there is no row"})
    if kind == "lines":
        problems += _twice(header, cells)
    if problems:
        problems.sort(key=lambda problem: int(problem["path"].removeprefix("line ")))
        count = len(problems)
        raise OwnDataInvalid(
            f"{count} {'problem' if count == 1 else 'problems'}; nothing was imported.",
            errors=problems[:MAX_PROBLEMS],
        )
    return rows


def _twice(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[Problem]:
    """Assumption lines that stand more than once: nobody could tell which one counts."""
    if "line" not in header:
        return []
    place = header.index("line")
    first: dict[str, int] = {}
    found: list[Problem] = []
    for number, line in enumerate(cells[1:], start=2):
        name = line[place].strip() if place < len(line) else ""
        if name and first.setdefault(name, number) != number:
            message = f"{name[:60]!r} stands on line {first[name]} already"
            found.append({"path": f"line {number}", "message": message})
    return found


def _row(
    header: Sequence[str],
    line: Sequence[str],
    path: str,
    check: Callable[[Row], list[str]],
    problems: list[Problem],
) -> dict[str, str]:
    if len(line) != len(header):
        message = f"has {len(line)} cells and needs {len(header)}"
        problems.append({"path": path, "message": message})
        return {}
    row = {name: cell.strip() for name, cell in zip(header, line, strict=True)}
    problems += [{"path": path, "message": message} for message in check(row)]
    return row


def _point_faults(row: Row) -> list[str]:
    faults = [
        f"{name} must be a number above 0{_hint(row[name])}, not {row[name][:40]!r}"
        for name in ("isl", "osl", "tok_s_per_user", "tok_s_per_gpu_total")
        if _number(row[name]) is None or float(row[name]) <= 0.0
    ]
    faults += [
        f"{name} must be a number of 0 or more, not {row[name][:40]!r}"
        for name in ("p_tp", "p_ep", "concurrency", "ttft_median_s", "gpu_power_w")
        if row.get(name) and (_number(row[name]) is None or float(row[name]) < 0.0)
    ]
    if row["model_key"] not in models():
        faults.append(f"there is no model {row['model_key'][:40]!r}")
    if row["gpu"] not in gpu_systems():
        faults.append(f"there is no GPU {row['gpu'][:40]!r}")
    if row["precision"] not in EXPERT_BYTES:
        faults.append(f"there is no precision {row['precision'][:40]!r}")
    if not row["source"]:
        faults.append("the source is missing: who measured it, and where it says so")
    return faults


def _line_faults(row: Row) -> list[str]:
    faults = []
    value = _number(row["value"])
    if row["line"] not in shipped_lines():
        faults.append(f"there is no assumption line {row['line'][:60]!r}")
    if value is None:
        faults.append(f"value must be a number{_hint(row['value'])}, not {row['value'][:40]!r}")
    bounds = {name: _number(row[name]) for name in ("low", "high") if row.get(name)}
    faults += [f"{name} must be a number" for name, bound in bounds.items() if bound is None]
    if value is not None:
        low, high = bounds.get("low"), bounds.get("high")
        if low is not None and low > value:
            faults.append("low lies above the value")
        if high is not None and high < value:
            faults.append("high lies below the value")
    if not row["source"]:
        faults.append("the source is missing: a contract, a quotation, a measurement")
    return faults


def _hint(text: str) -> str:
    return ", with a point for decimals" if "," in text else ""


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def own_data(rows_by_kind: Mapping[str, Sequence[Row]]) -> OwnData:
    """Checked rows as the engine takes them.

    A line without a range of its own is known exactly, like any figure of the user's.
    """
    shipped = shipped_lines()
    lines = {
        row["line"]: Quantity(
            value=float(row["value"]),
            unit=shipped[row["line"]].unit,
            low=_number(row.get("low", "")),
            high=_number(row.get("high", "")),
            source=row["source"],
            confidence="user",
            group=shipped[row["line"]].group,
            life_years=shipped[row["line"]].life_years,
            note=row.get("notes", ""),
        )
        for row in rows_by_kind.get("lines", ())
        if row["line"] in shipped
    }
    points = tuple(
        _point(place, row) for place, row in enumerate(rows_by_kind.get("points", ()), start=1)
    )
    return OwnData(lines=lines, points=points)


def _point(place: int, row: Row) -> Point:
    return Point(
        id=f"own-{place:05}",
        set=OWN,
        model=row["model_key"],
        precision=row["precision"],
        gpu=row["gpu"],
        framework=row.get("framework", ""),
        spec=row.get("spec", "") or "none",
        disagg=row.get("disagg", "") == "1",
        multinode=False,
        tp=int(_number(row.get("p_tp", "")) or 0),
        ep=int(_number(row.get("p_ep", "")) or 0),
        dp_attention=row.get("p_dpa", "") == "1",
        isl=int(float(row["isl"])),
        osl=int(float(row["osl"])),
        concurrency=_number(row.get("concurrency", "")) or 0.0,
        tok_s_per_user=float(row["tok_s_per_user"]),
        tok_s_per_gpu=float(row["tok_s_per_gpu_total"]),
        ttft_s=_number(row.get("ttft_median_s", "")) or 0.0,
        gpu_power_w=_number(row.get("gpu_power_w", "")) or 0.0,
        source=row["source"],
        date=row.get("date", ""),
        provenance=OWN,
    )


def digest_of(rows: Sequence[Row]) -> str:
    """SHA-256 of the rows: equal rows, equal digest."""
    return hashlib.sha256(json.dumps(list(map(dict, rows)), sort_keys=True).encode()).hexdigest()


def template(kind: Kind) -> str:
    """An empty file of a kind: its header and one row that shows what is meant."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    example: dict[str, Any]
    if kind == "points":
        writer.writerow((*POINT_COLUMNS, *POINT_EXTRAS))
        example = {
            "model_key": "deepseek-r1", "precision": "fp4", "gpu": "gb300", "isl": 8192,
            "osl": 1024, "tok_s_per_user": 60, "tok_s_per_gpu_total": 15000,
            "source": "own run of 2026-11-01", "framework": "sglang", "spec": "none",
        }  # fmt: skip
        writer.writerow([example.get(name, "") for name in (*POINT_COLUMNS, *POINT_EXTRAS)])
    else:
        writer.writerow((*LINE_COLUMNS, *LINE_EXTRAS))
        writer.writerow(("op.elec", 0.071, "supply contract 2026", 0.068, 0.075, ""))
    return out.getvalue()
