"""How the figures of a cost came about: their formulas, and every number in them by group."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Final

from engine.cost.case import Answer
from engine.cost.economics import Economics
from engine.cost.formulas import worded
from engine.cost.sheet import Cell
from engine.evaluation import Input, Working
from engine.provenance import computed

FIGURES: Final = (
    ("capex_usd", "bill", "capex.total", "engine.cost.capex.bill"),
    ("opex_usd_per_year", "expenses", "annual.opex", "engine.cost.opex.expenses"),
    ("annual_usd", "annual", "annual.total", "engine.cost.economics.economics"),
    ("usd_per_mtok", "per-mtok", "cost.usd_per_mtok", "engine.cost.economics.economics"),
    (
        "usd_per_mtok_output",
        "per-mtok",
        "cost.usd_per_mtok_output",
        "engine.cost.economics.economics",
    ),
    ("usd_per_gpu_h", "per-gpu-hour", "cost.usd_per_gpu_h", "engine.cost.economics.economics"),
)
# Figure of the result, formula id, its cell, the function that sets it.

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Throughput": (
        "tok_s_per_gpu", "gpus", "use.", "workload.", "software_gain", "ops.software_gain",
        "ops.degradation", "ops.ramp", "resid.it_decay", "tokens.",
    ),
    "Energy and water": (
        "energy.", "power.", "board.", "host.", "ops.board", "price.electricity", "op.demand",
        "op.water", "op.carbon", "site.carbon",
    ),
    "Capital": (
        "it.", "price.", "racks.", "net.", "fac.", "drawn.", "size.it_kw", "size.facility_kw",
        "capex.",
    ),
    "Running cost": ("op.", "ops.staff", "opex.", "size.rated", "life.warranty"),
    "Finance": ("",),
}  # fmt: skip
# Heading, and how the names of its cells start; the first that fits holds a cell.
READ: Final = ("Throughput", "Capital", "Energy and water", "Running cost", "Finance")


@lru_cache(maxsize=4096)
def group_of(name: str) -> str:
    """The heading that a cell stands under among the inputs of a figure.

    Notes
    -----
    Definition.
    """
    return next(group for group, starts in GROUPS.items() if name.startswith(starts))


def origin_of(cell: Cell) -> Input:
    """A cell as the input of another figure, with the words people read.

    Notes
    -----
    Definition.
    """
    known = cell.origin or computed(cell.label, cell.value, cell.unit)
    # Cells may share an origin; value and unit are their own.
    return Input(
        name=known.name,
        value=cell.value,
        unit=cell.unit,
        source=known.source,
        confidence=known.confidence,
        label=cell.label,
        group=group_of(cell.name),
    )


def direct_of(found: Economics, name: str) -> tuple[Cell, ...]:
    """The figures that stand in a cell's formula, in its order.

    Notes
    -----
    Definition. What somebody states is none.
    """
    cells = found.sheet.cells
    cell = cells[name]
    inner = () if cell.formula is None else tuple(dict.fromkeys(cell.formula.cells()))
    return tuple(cells[each] for each in inner if not cells[each].is_input)


def inputs_of(found: Economics, name: str) -> tuple[Input, ...]:
    """Everything stated that a figure rests on, group after group.

    Notes
    -----
    Definition. A cell that is stated rests on itself.
    """
    return _inputs_of(found, name, {})


def _inputs_of(found: Economics, name: str, origins: dict[str, Input]) -> tuple[Input, ...]:
    """As `inputs_of`; `origins` keeps cells that several figures rest on."""
    groups: dict[str, dict[Input, None]] = {group: {} for group in READ}
    for cell in found.sheet.inputs_of(name):
        origin = origins.get(cell.name)
        if origin is None:
            origin = origins[cell.name] = origin_of(cell)
        groups[origin.group][origin] = None
    return tuple(chain.from_iterable(groups.values()))


def workings(answer: Answer) -> tuple[Working, ...]:
    """The workings of an evaluation's costs.

    Notes
    -----
    Definition. Figures of the formula come first, then all that they rest on.
    """
    found, compute = answer.economics, answer.compute
    rows, origins = [], dict[str, Input]()
    for figure, formula_id, name, function in FIGURES:
        cell = found.sheet.cells.get(name)
        if cell is None or cell.formula is None:
            continue
        parts = tuple(
            replace(computed(inner.label, inner.value, inner.unit), group="Made of")
            for inner in direct_of(found, name)
        )
        rows.append(
            Working(
                figure=f"cost.{figure}",
                formula_id=formula_id,
                formula=worded(cell.formula, lambda inner: found.sheet.cells[inner].label),
                function=function,
                reference="ISO 15686-5:2017, annex B" if figure == "annual_usd" else "Definition",
                inputs=(*parts, *_inputs_of(found, name, origins)),
            )
        )
    rows.append(
        Working(
            figure="cost.waterfall",
            formula_id="waterfall",
            formula="yearly cost ÷ nameplate tokens, then what each factor adds",
            function="engine.cost.waterfall.waterfall",
            reference="Definition",
            inputs=(
                replace(
                    computed("cost.annual_usd", found.sheet["annual.total"], "USD/yr"),
                    label="Cost of a year",
                ),
                *(computed(step.factor, step.value) for step in compute.chain),
            ),
        )
    )
    return tuple(rows)
