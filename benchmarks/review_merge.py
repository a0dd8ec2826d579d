"""Comparing and merging two branches of 10,000 elements, against reading them.

Reading means what the server does with a stored state: unpack, parse, index and hash. It is
done for the three documents that a merge needs, without the time the database takes.
"""

import json
import time
import zlib
from collections.abc import Callable
from typing import Any

from benchmarks.__main__ import Row
from layouts.canonical import canonical
from layouts.document import Document
from reviews.merge import merge
from reviews.rollup import roll_up

ELEMENTS = 10_000
CHANGES = 1_000
REPEATS = 3
LIMIT_S = 1.0
LIMIT_RATIO = 0.5


def run() -> list[Row]:
    """One row for the ratio and one for the seconds."""
    base = [_rack(number) for number in range(ELEMENTS)]
    ours = [
        {**each, "load": {"tdp_kw": 120 + number % 7}} if number < CHANGES else each
        for number, each in enumerate(base)
    ]
    theirs = [
        _moved(each) if CHANGES // 2 <= number < CHANGES + CHANGES // 2 else each
        for number, each in enumerate(base)
    ]
    packed = [zlib.compress(canonical(each).encode(), level=1) for each in (base, ours, theirs)]
    documents = [_read(each) for each in packed]

    read_s = _best(lambda: [_read(each) for each in packed])
    work_s = _best(lambda: _work(documents))

    ratio = work_s / read_s
    return [
        Row(
            goal=f"compare and merge {ELEMENTS:,} elements, {CHANGES:,} changes a side / read them",
            figure=f"{work_s * 1e3:.0f} ms / {read_s * 1e3:.0f} ms",
            ratio=ratio,
            limit=LIMIT_RATIO,
            passed=ratio <= LIMIT_RATIO,
        ),
        Row(
            goal="the same, seconds",
            figure=f"{work_s:.3f} s",
            ratio=work_s,
            limit=LIMIT_S,
            passed=work_s <= LIMIT_S,
        ),
    ]


def _work(documents: list[Document]) -> None:
    base, ours, theirs = documents
    made = merge(base, ours, theirs, {})
    lines = roll_up(ours, made.document)
    if not made.is_clean or not lines:
        raise AssertionError("the two sides changed different groups: nothing is to be asked")


def _read(content: bytes) -> Document:
    return Document.of(json.loads(zlib.decompress(content)))


def _best(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _rack(number: int) -> dict[str, Any]:
    row, place = divmod(number, 100)
    return {
        "id": f"0198f000-0000-7000-8000-{number:012x}",
        "kind": "rack",
        "placement": {"x_mm": 600 * place, "y_mm": 2400 * row, "rotation_deg": 0},
        "identity": {"tag": f"R{row:03d}-{place:02d}"},
        "product": {"product_id": "nvidia-gb300-nvl72"},
        "cooling": {"loop": f"TCS-{row // 4:02d}"},
    }


def _moved(element: dict[str, Any]) -> dict[str, Any]:
    place = element["placement"]
    return {**element, "placement": {**place, "y_mm": place["y_mm"] + 600}}
