"""The report as a tagged PDF: text from here, looks from report.typ.

Words of the user travel as data and are never read as markup.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from analysis.drawing import EQUIPMENT_STYLES
from analysis.figures import (
    ABSENT,
    BY_PATH,
    GROUPS,
    decimals_for,
    number,
    plain,
    short_words,
    significant,
)
from analysis.run_lengths import run_lengths
from analysis.schedule import bill_of_materials, rack_list
from catalog.schema import QUANTITIES
from engine.confidence import word_for
from reports.bundle import Bundle
from reports.formats import economics
from reports.formats.charts import FONTS, ROUNDED, charts
from reports.formats.plan_svg import (
    FIELDS,
    HALL_SHEETS,
    MARGIN,
    MARGIN_LEFT,
    PAPER,
    SIZES,
    TITLE_HEIGHT,
    TITLE_WIDTH,
    comment_marks,
    plan_sheets,
    scale_bar,
    thumbnail,
)
from reports.formats.systems import systems
from reports.formats.year import year_section
from reports.talks import Talk

TEMPLATE = Path(__file__).with_name("report.typ")
RACKS_LISTED = 240  # a longer rack list is for a spreadsheet
TAGS_SHOWN = 6
COUNTED = re.compile(r"[a-z]{4,}s")  # what is counted is a word in the plural
BOUNDS: Mapping[str, str] = {"limit": "at most", "required": "at least", "expected": "about"}
KEY_FIGURES = (
    "space.racks",
    "power.it_kw",
    "power.facility_kw",
    "cooling.liquid_kw",
    "cooling.flow_lpm",
    "energy.pue",
    "compute.gpus",
    "compute.sold_tokens_per_s",
)
RUN_STYLES = frozenset({"pipe", "facility-pipe", "tray", "feeder"})
LEGEND = (
    ("rack", "Rack, front bold"),
    ("cdu", "Coolant distribution unit"),
    ("air", "Air handler"),
    ("power", "Panel, UPS, switchboard"),
    ("busway-a", "Busway, side A"),
    ("busway-b", "Busway, side B"),
    ("pipe", "Coolant pipes, supply and return"),
    ("facility-pipe", "Facility water pipes, supply and return"),
    ("tray", "Cable tray"),
    ("feeder", "Feeder"),
    ("plant", "Dry cooler, chiller"),
    ("containment", "Containment"),
    ("keepout", "Keep-out"),
    ("column", "Column"),
    ("area", "Named area"),
    ("marker", "Finding, by number"),
    ("comment", "Comment, by number"),
)


def write(bundle: Bundle) -> bytes:
    """The report of a bundle. Equal bundles give equal bytes."""
    import typst

    issued = datetime.combine(bundle.issued_on, time(), tzinfo=UTC)
    pdf = typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"data": json.dumps(content(bundle), ensure_ascii=False, allow_nan=False)},
        font_paths=[str(FONTS)],
        timestamp=int(issued.timestamp()),
        pdf_standards="ua-1",
    )
    return bytes(pdf)


def content(bundle: Bundle) -> dict[str, Any]:
    """Everything that the template prints, already in words."""
    return {
        "meta": _meta(bundle),
        "cover": _cover(bundle),
        "sheets": _sheets(bundle),
        "results": _results(bundle),
        "year": year_section(bundle.result),
        "systems": systems(bundle),
        "economics": economics.chapter(bundle),
        "findings": _findings(bundle),
        "talks": _talks(bundle),
        "materials": _materials(bundle),
        "racks": _racks(bundle),
        "assumptions": _assumptions(bundle),
        "assumptions_left_out": number(len(bundle.assumptions) - len(bundle.assumptions_used)),
        "equipment": _equipment(bundle),
        "workings": _workings(bundle),
    }


def _meta(bundle: Bundle) -> dict[str, str]:
    return {
        "title": bundle.design_name,
        "project": bundle.project_name,
        "organisation": bundle.organisation_name,
        "number": bundle.number,
        "revision": str(bundle.revision),
        "hash": bundle.state_hash,
        "engine": bundle.engine_version,
        "issued": bundle.issued_on.isoformat(),
        "creator": bundle.created_by,
        "status": "S0 work in progress",
        "warning": "Not for construction",
    }


def _assumed(result: Mapping[str, Any]) -> str:
    """What the cost on the cover rests on beyond the plan; empty for a complete design."""
    found = (each for each in result["findings"] if each["rule"] == "COST-NOT-DRAWN")
    return next((f"{each['title']}. {each['detail']}" for each in found), "")


def _terms(result: Mapping[str, Any]) -> str:
    """What the cost on the cover is one of: its blend, the finance mode, whose PUE."""
    words = str(result["cost"].get("terms") or "")
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _cover(bundle: Bundle) -> dict[str, Any]:
    result = bundle.result
    hero = BY_PATH["cost.usd_per_mtok"]
    value = hero.of(result)
    counts = {
        severity: sum(1 for finding in result["findings"] if finding["severity"] == severity)
        for severity in ("blocking", "warning", "note")
    }
    return {
        "hero": {
            "text": hero.text(value),
            "unit": "USD per million tokens",
            "short": short_words(result),
            "reason": " ".join(filter(None, (_terms(result), _assumed(result))))
            if value is not None
            else (result["cost"].get("reason") or ""),
        },
        "figures": [
            {
                "label": BY_PATH[path].label,
                "text": BY_PATH[path].text(BY_PATH[path].of(result)),
                "unit": BY_PATH[path].unit,
            }
            for path in KEY_FIGURES
        ],
        "findings": _counted(counts),
        "blocked": counts["blocking"] > 0,
        "basis": f"Power basis {result['power']['basis']}; PUE: {result['energy']['boundary']}.",
        "plan": thumbnail(bundle, 170.0, 92.0),
        "plan_alt": f"Plan of {bundle.design_name}, not to scale.",
    }


def _counted(counts: Mapping[str, int]) -> str:
    """How many findings there are of each severity."""
    words = (("blocking", "blocking"), ("warning", "warnings"), ("note", "notes"))
    if not any(counts.values()):
        return "No findings"
    return ", ".join(
        f"{number(counts[one])} {one if counts[one] == 1 else many}" for one, many in words
    )


def _sheets(bundle: Bundle) -> list[dict[str, Any]]:
    width, height = SIZES[bundle.sheet]
    present = _styles_present(bundle)
    plans = plan_sheets(bundle)
    halls = len(bundle.plant.halls)
    rest = f" Halls {HALL_SHEETS + 1} to {halls} have no sheet of their own."
    legend = [
        {"svg": _swatch(style), "label": label} for style, label in LEGEND if style in present
    ]
    return [
        {
            "title": plan.title,
            "number": f"{index} / {len(plans)}",
            "size": bundle.sheet,
            "width": width,
            "height": height,
            "margin_left": MARGIN_LEFT,
            "margin": MARGIN,
            "fields": FIELDS[bundle.sheet],
            "title_width": TITLE_WIDTH,
            "title_height": TITLE_HEIGHT,
            "beside": plan.title_beside,
            "plan": plan.svg,
            "plan_width": plan.width,
            "plan_height": plan.height,
            "area_width": plan.area_width,
            "area_height": plan.area_height,
            "alt": f"{plan.title} of {bundle.design_name}, {len(bundle.plant.racks)} racks in all.",
            "scale": f"1:{number(plan.scale)}",
            "note": rest if index == 1 and halls > HALL_SHEETS else "",
            "legend": legend,
            **_bar(plan.scale),
        }
        for index, plan in enumerate(plans, start=1)
    ]


def _bar(scale: float) -> dict[str, Any]:
    step, parts = scale_bar(scale, 80.0)
    return {
        "bar_step_mm": step * 1000.0 / scale,
        "bar_parts": parts,
        "bar_labels": [f"{step * part:g}" for part in range(parts + 1)],
    }


def _styles_present(bundle: Bundle) -> set[str]:
    kinds = set(bundle.plant.boxes.kind)
    styles = {EQUIPMENT_STYLES[kind] for kind in kinds if kind in EQUIPMENT_STYLES}
    styles |= {f"busway-{side.lower()}" for side in bundle.plant.power_nodes.side if side}
    plant = bundle.plant
    runs = (
        ("pipe", plant.pipes),
        ("facility-pipe", plant.facility_pipes),
        ("tray", plant.trays),
        ("feeder", plant.feeders),
    )
    styles |= {style for style, table in runs if len(table)}
    if len(bundle.plant.keepouts):
        styles.add("keepout")
    if bundle.document.of_kind("area"):
        styles.add("area")
    if any(finding.get("at_mm") for finding in bundle.result["findings"]):
        styles.add("marker")
    if comment_marks(bundle.talks):
        styles.add("comment")
    return styles


def _swatch(style: str) -> str:
    if style == "comment":
        shape = f'<path {PAPER[style]} d="M4 4l-1.2 -1.2a1.7 1.7 0 1 1 2.4 0Z"/>'
    elif style == "marker":
        shape = f'<circle {PAPER[style]} cx="4" cy="2" r="1.7"/>'
    elif f"{style}-return" in PAPER:
        back = PAPER[f"{style}-return"]
        shape = f'<path {PAPER[style]} d="M0.5 1.4H7.5"/><path {back} d="M0.5 2.6H7.5"/>'
    elif style in RUN_STYLES:
        shape = f'<path {PAPER[style]} d="M0.5 2H7.5"/>'
    else:
        shape = f'<path {PAPER[style]} d="M0.5 0.4H7.5V3.6H0.5Z"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="8mm" height="4mm" viewBox="0 0 8 4">'
        f"{shape}</svg>"
    )


def _results(bundle: Bundle) -> dict[str, Any]:
    result = bundle.result
    return {
        "groups": [
            {
                "label": group.label,
                "rows": [
                    {
                        "label": figure.label,
                        "text": figure.text(figure.of(result)),
                        "unit": figure.unit,
                    }
                    for figure in group.figures
                ],
            }
            for group in GROUPS
        ],
        "reasons": [
            reason
            for reason in (
                short_words(result),
                result["compute"].get("reason"),
                result["cost"].get("reason"),
            )
            if reason
        ],
        "loops": [
            [
                loop["loop"],
                number(len(loop["rack_ids"])),
                number(len(loop["cdu_ids"])),
                number(loop["heat_kw"]),
                number(loop["lost_one_capacity_kw"]),
                number(loop["flow_lpm"]),
                number(loop["lost_one_flow_lpm"]),
                "holds" if loop["n_plus_1"] else f"lost ({loop['binds']})",
            ]
            for loop in result["cooling"]["loops"]
        ],
        "charts": [
            {
                "title": chart.title,
                "unit": chart.unit,
                "svg": chart.svg,
                "alt": chart.alt,
                "note": chart.note,
            }
            for chart in charts(result)
        ],
    }


def _tags(bundle: Bundle) -> Mapping[str, str]:
    tags = dict(zip(bundle.plant.boxes.id, bundle.plant.boxes.tag, strict=True))
    tags |= {
        id_: name or id_
        for id_, name in zip(bundle.plant.halls.id, bundle.plant.halls.name, strict=True)
    }
    return tags


def shown_tags(ids: list[str], tags: Mapping[str, str]) -> str:
    """The elements of a finding by their tags, the first few of many."""
    names = [tags.get(id_) or id_ for id_ in ids]
    rest = len(names) - TAGS_SHOWN
    text = ", ".join(names[:TAGS_SHOWN])
    return f"{text} and {number(rest)} more" if rest > 0 else text


def _findings(bundle: Bundle) -> list[dict[str, str]]:
    tags = _tags(bundle)
    return [
        {
            "number": str(index),
            "severity": finding["severity"],
            "rule": finding["rule"],
            "clause": " ".join(filter(None, (finding["clause"], finding["edition"]))),
            "title": finding["title"],
            "detail": finding["detail"],
            "measured": measure(finding, "measured"),
            "required": _bound(finding),
            "elements": shown_tags(finding["element_ids"], tags),
            "waiver": _waiver(finding["waiver"]),
        }
        for index, finding in enumerate(bundle.result["findings"], start=1)
    ]


def _talks(bundle: Bundle) -> list[Talk]:
    """Threads with their answers; of one that is resolved the question and the last word."""
    return [
        talk if talk["state"] == "open" else {**talk, "said": _ends(talk["said"])}
        for talk in bundle.talks
    ]


def _ends(said: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    return said if len(said) < 3 else [said[0], said[-1]]


def _bound(finding: Mapping[str, Any]) -> str:
    """What a measure is held against, and whether it may be more or less."""
    words = BOUNDS.get(finding.get("bound") or "", "")
    return f"{words} {measure(finding, 'required')}".strip()


def measure(finding: Mapping[str, Any], which: str) -> str:
    """One of the two numbers of a finding, with digits enough to tell it from the other."""
    value, unit = finding[which], finding["unit"]
    if value is None:
        return ABSENT
    both = [each for each in (finding["measured"], finding["required"]) if each is not None]
    is_count = all(float(each).is_integer() for each in both)
    own = 0 if unit == "mm" or is_count else decimals_for(value, 4)
    text = number(value, max(own, finding.get("decimals_apart", 0)))
    return f"{text} {unit_of(value, unit)}".strip()


def unit_of(value: float, unit: str) -> str:
    """A unit beside a number: one source, but two sources; symbols such as ms stay."""
    return unit.removesuffix("s") if value == 1 and COUNTED.fullmatch(unit) else unit


def _waiver(waiver: Mapping[str, Any] | None) -> str:
    if waiver is None:
        return ""
    until = waiver["expires_on"] or "further notice"
    state = "Waived" if waiver["in_force"] else "Waiver expired"
    return f"{state} by {waiver['granted_by']} until {until}: {waiver['reason']}"


def _materials(bundle: Bundle) -> dict[str, Any]:
    lines = bill_of_materials(bundle.plant, bundle.products, bundle.assumptions)
    cost = bundle.result["cost"]
    return {
        "rows": [
            [
                str(line.item),
                line.description,
                " ".join(filter(None, (line.maker, line.model))),
                number(line.quantity),
                f"{number(line.width_mm)} × {number(line.depth_mm)} × {number(line.height_mm)}",
                number(line.mass_kg),
                number(line.total_mass_kg),
                _price(line.unit_price_usd, is_default=line.is_default_price),
            ]
            for line in lines
        ],
        "sources": [
            {"item": str(line.item), "source": line.source, "tags": _span(line.tags)}
            for line in lines
        ],
        "runs": [
            [
                run.description,
                run.size,
                number(run.length_m),
                run.source.removeprefix("length: ").partition("; price:")[0],
                _price(run.unit_price_usd, is_default=True),
            ]
            for run in run_lengths(bundle.plant, bundle.result, bundle.assumptions)
        ],
        "mass": number(sum(line.total_mass_kg for line in lines)),
        "pieces": number(sum(line.quantity for line in lines)),
        "capex": [
            [
                entry["label"],
                significant(entry["usd"] / 1e6),
                ABSENT if entry["life_years"] is None else number(entry["life_years"]),
            ]
            for entry in cost["capex"]
        ],
        "capex_total": significant(cost["capex_usd"] / 1e6),
        "capex_note": ROUNDED,
    }


def _price(usd: float | None, *, is_default: bool) -> str:
    if usd is None:
        return "none published"
    return f"{number(usd)} (default)" if is_default else number(usd)


def _span(tags: tuple[str, ...]) -> str:
    named = [tag for tag in tags if tag]
    if len(named) <= TAGS_SHOWN:
        return ", ".join(named)
    return f"{named[0]} … {named[-1]}"


def _racks(bundle: Bundle) -> dict[str, Any]:
    lines = rack_list(bundle.plant, bundle.document, bundle.result, bundle.products)
    return {
        "total": number(len(lines)),
        "rows": [
            [
                line.tag,
                line.row,
                "" if line.position is None else str(line.position),
                line.tile,
                _length(line.x_mm),
                _length(line.y_mm),
                line.product,
                significant(line.it_kw, 4),
                significant(line.flow_lpm, 4),
                line.feed_a or ABSENT,
                line.feed_b or ABSENT,
            ]
            for line in lines[:RACKS_LISTED]
        ],
        "left_out": number(len(lines) - RACKS_LISTED) if len(lines) > RACKS_LISTED else "",
    }


def _length(mm: float) -> str:
    """A coordinate as the inspector writes it: to 0.1 mm, and no decimal for nothing."""
    return number(mm, 0 if mm == round(mm) else 1)


def _assumptions(bundle: Bundle) -> list[dict[str, Any]]:
    groups: dict[str, list[list[str]]] = {}
    for line, quantity in bundle.assumptions_used.items():
        span = (
            f"{plain(quantity.low)} to {plain(quantity.high)}"
            if quantity.low is not None and quantity.high is not None
            else ABSENT
        )
        groups.setdefault(quantity.group or "Other", []).append(
            [
                line,
                plain(quantity.value),
                quantity.unit,
                span,
                word_for(quantity.confidence),
                quantity.source,
            ]
        )
    return [
        {"label": group[:1].upper() + group[1:].replace("_", " "), "rows": rows}
        for group, rows in groups.items()
    ]


def _equipment(bundle: Bundle) -> list[dict[str, Any]]:
    used = sorted(
        {
            line.product_id
            for line in bill_of_materials(bundle.plant, bundle.products, bundle.assumptions)
        }
    )
    return [
        {
            "name": product.name,
            "rows": [
                [
                    QUANTITIES[quantity.name][0],
                    plain(quantity.value),
                    quantity.unit,
                    word_for(quantity.confidence),
                    f"{quantity.source} ({quantity.year})",
                ]
                for quantity in product.quantities
            ],
        }
        for product_id in used
        if (product := bundle.products.get(product_id)) is not None
    ]


def _workings(bundle: Bundle) -> list[list[str]]:
    rows = []
    for path, working in bundle.result["provenance"].items():
        figure = BY_PATH.get(path)
        if figure is None:
            continue
        rows.append(
            [
                figure.label,
                figure.written(bundle.result),
                working["formula"],
                working["reference"],
            ]
        )
    return rows
