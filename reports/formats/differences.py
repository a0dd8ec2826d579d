"""The report on differences as a tagged PDF: text from here, looks from differences.typ.

Words of the user travel as data and are never read as markup.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reports.differences import Differences, Row, Waiver, Word
from reports.formats.charts import FONTS
from reports.formats.difference_plan import picture
from reports.talks import moment

TEMPLATE = Path(__file__).with_name("differences.typ")
LISTED = 300  # of changes, findings and threads; a longer list is for the screen
DISCIPLINES = ("space", "power", "cooling", "network", "cost")


def write(found: Differences) -> bytes:
    """The report. Equal differences give equal bytes."""
    import typst

    pdf = typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"data": json.dumps(content(found), ensure_ascii=False, allow_nan=False)},
        font_paths=[str(FONTS)],
        timestamp=int(found.printed_at.timestamp()),
        pdf_standards="ua-1",
    )
    return bytes(pdf)


def content(found: Differences) -> dict[str, Any]:
    """Everything that the template prints, already in words."""
    figures = found.figures
    return {
        "meta": {
            "kind": found.kind,
            "title": found.title,
            "state": found.state,
            "description": found.description,
            "organisation": found.organisation,
            "project": found.project,
            "facts": [list(fact) for fact in found.facts],
            "printed": moment(found.printed_at),
        },
        "plan": picture(found.old, found.new, found.lines, found.pins),
        "plan_alt": f"Plan of {found.new_name} with {len(found.lines)} changes against "
        f"{found.old_name}, numbered as in the list.",
        "sides": [found.old_name, found.new_name],
        "changes": [
            {
                "number": str(number),
                "how": line.how,
                "title": line.title,
                "detail": line.detail,
                "count": str(len(line.element_ids)),
                "disciplines": ", ".join(line.disciplines),
            }
            for number, line in enumerate(found.lines[:LISTED], start=1)
        ],
        "changes_left": max(0, len(found.lines) - LISTED),
        "counts": _counts(found),
        "figures": None if figures is None else [_figure(row) for row in figures.rows],
        "starving": [] if figures is None else list(figures.starving),
        "opened": [] if figures is None else [_finding(row) for row in figures.opened[:LISTED]],
        "closed": [] if figures is None else [_finding(row) for row in figures.closed[:LISTED]],
        "talks": found.talks[:LISTED],
        "words": [_word(word) for word in found.words],
        "checks": [list(check) for check in found.checks],
        "waivers": [_waiver(waiver) for waiver in found.waivers],
        "decided": [list(row) for row in found.decided],
        "steps": [list(row) for row in found.steps],
    }


def _counts(found: Differences) -> str:
    elements = len({id_ for line in found.lines for id_ in line.element_ids})
    touched = [
        each for each in DISCIPLINES if any(each in line.disciplines for line in found.lines)
    ]
    words = f"{len(found.lines)} changes to {elements} elements"
    return f"{words}; concerns {', '.join(touched)}" if touched else words


def _figure(row: Row) -> dict[str, str]:
    words = {name: str(row[name]) for name in ("label", "unit", "old", "new", "delta", "sense")}
    return words | {"sense": "slight"} if row["is_slight"] else words


def _finding(row: Row) -> dict[str, str]:
    return {name: str(row[name]) for name in ("severity", "title", "detail", "rule")}


def _word(word: Word) -> Mapping[str, str]:
    return {
        "discipline": word.discipline.capitalize(),
        "standing": "asks for changes" if word.standing == "changes" else word.standing,
        "approver": word.approver,
        "at": moment(word.at) if word.at else "",
        "revision": str(word.revision) if word.revision is not None else "",
        "reason": word.reason,
    }


def _waiver(waiver: Waiver) -> Mapping[str, str]:
    if waiver.signer and waiver.signed_at:
        signed = f"{waiver.signer}, {waiver.signed_at:%Y-%m-%d}"
    else:
        signed = "nobody yet" if waiver.is_new else f"granted by {waiver.granted_by}"
    return {
        "rule": waiver.rule,
        "tags": waiver.tags,
        "reason": waiver.reason,
        "until": waiver.expires_on,
        "signed": signed,
    }
