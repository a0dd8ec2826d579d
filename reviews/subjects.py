"""What of a proposal a comment can be pinned to without a place: changes, figures, findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.anchors import MAX_ELEMENTS
from reviews.both_sides import Results
from reviews.rollup import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that is talked about: its words, and the anchor that leads to it."""

    id: str
    label: str
    anchor: Mapping[str, Any]


def subjects_of(lines: Sequence[Line], results: Results | None) -> dict[str, list[Subject]]:
    """All that a proposal shows in words, in the order of its page."""
    found = {"Changes": [_of_line(line) for line in lines]}
    if results is not None:
        found["Figures"] = [_of_figure(row) for row in results.headlines]
        found["New findings"] = [_of_finding(each) for each in results.opened]
    return {group: subjects for group, subjects in found.items() if subjects}


def _of_line(line: Line) -> Subject:
    ids = list(line.element_ids[:MAX_ELEMENTS])
    anchor = {"type": "change", "key": line.key, "label": line.title[:200], "element_ids": ids}
    return Subject(id=f"change:{line.key}", label=line.title, anchor=anchor)


def _of_figure(row: Mapping[str, Any]) -> Subject:
    anchor = {"type": "result", "path": row["path"], "label": row["label"]}
    return Subject(id=f"result:{row['path']}", label=row["label"], anchor=anchor)


def _of_finding(finding: Mapping[str, Any]) -> Subject:
    anchor = {
        "type": "finding",
        "finding_id": finding["id"],
        "rule": finding["rule"],
        "element_ids": list(finding["element_ids"][:MAX_ELEMENTS]),
    }
    return Subject(id=f"finding:{finding['id']}", label=finding["title"], anchor=anchor)
