"""Charts for documents, as SVG with real text: matplotlib, loaded only when one is drawn."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.figures import number, racks_short, running_share, significant

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FONTS = Path(__file__).resolve().parent.parent / "fonts"
WIDTH_MM = 170.0
MM_PER_INCH = 25.4

INK, SOFT, LINE, GREY = "#12161C", "#465162", "#D5DBE3", "#9AA5B3"
ACCENT, DARK, BAD = "#0B5BD3", "#465162", "#B4123A"
MOST_BARS = 12
ROW_MM = 5.6
WHOLES = ("subtotal", "total")
ROUNDED = "Each figure is rounded for itself, so the last digits need not add up."
MTOK_DECIMALS = 4  # of the parts of a cost per million tokens, as in the editor
FACTORS: Mapping[str, str] = {
    "nameplate": "Every GPU at the asked speed",
    "slo": "Room for speed",
    "derate": "Derate in use",
    "availability": "Availability",
    "goodput": "Goodput",
    "load_factor": "Load factor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One drawn chart, with the words that stand for it where it cannot be seen."""

    title: str
    unit: str
    svg: str
    alt: str
    note: str = ""


def charts(result: Mapping[str, Any]) -> list[Chart]:
    """Every chart that the result has figures for."""
    makers = (cost_waterfall, token_chain, power_chain, cdu_load, node_load)
    return [chart for make in makers if (chart := make(result)) is not None]


def drawn(height_mm: float, draw: "Callable[[Axes], None]") -> str:
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in sorted(FONTS.glob("*.ttf")):
        if str(path) not in known:
            font_manager.fontManager.addfont(str(path))
    style: Any = {
        "font.family": "Inter",
        "font.size": 8,
        "svg.fonttype": "none",
        "svg.hashsalt": "plenum",
        "hatch.linewidth": 0.6,
        "axes.edgecolor": LINE,
        "axes.labelcolor": SOFT,
        "xtick.color": SOFT,
        "ytick.color": INK,
        "text.color": INK,
    }
    with mpl.rc_context(style):
        figure = Figure(figsize=(WIDTH_MM / MM_PER_INCH, height_mm / MM_PER_INCH))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.27, 0.0, 0.58, 1.0 - 6.0 / height_mm))
        for side in ("top", "right", "left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
        axes.xaxis.tick_top()
        axes.grid(axis="x", color=LINE, linewidth=0.5)
        axes.set_axisbelow(True)
        draw(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return out.getvalue()


def ticks(axes: "Axes") -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: significant(float(value), 2)))


def label_rows(
    axes: "Axes", labels: Sequence[str], values: Sequence[str], bold: Sequence[bool]
) -> None:
    """Names to the left of the bars and figures in a column to their right."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    for index, (tick, strong) in enumerate(zip(axes.get_yticklabels(), bold, strict=True)):
        weight = 600 if strong else 400
        tick.set_fontweight(weight)
        axes.text(
            1.25,
            index,
            values[index],
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontweight=weight,
        )


def cost_waterfall(result: Mapping[str, Any]) -> Chart | None:
    """What a million tokens cost, part by part, and what idle and lost hours add."""
    steps = result["cost"]["waterfall"]
    per_token = all(step["usd_per_mtok"] is not None for step in steps)
    if not steps:
        return None
    field, unit, scale = (
        ("usd_per_mtok", "USD per million tokens", 1.0)
        if per_token
        else ("usd_per_year", "M USD per year", 1e6)
    )
    values = [step[field] / scale for step in steps]
    texts = [number(value, MTOK_DECIMALS) if per_token else significant(value) for value in values]
    counted = " It counts every rack as running." if racks_short(result) else ""

    def draw(axes: "Axes") -> None:
        start = 0.0
        for index, (step, value) in enumerate(zip(steps, values, strict=True)):
            whole = step["kind"] in WHOLES
            left = 0.0 if whole else start
            colour = {"total": ACCENT, "subtotal": DARK}.get(step["kind"], GREY)
            hatch = "////" if step["kind"] == "loss" else None
            axes.barh(
                index,
                value,
                left=left,
                height=0.62,
                color="white" if hatch else colour,
                edgecolor=colour,
                hatch=hatch,
                linewidth=0.6,
            )
            start = value if whole else start + value
        axes.set_xlim(0.0, max(values) * 1.02 or 1.0)
        ticks(axes)
        label_rows(
            axes,
            [step["label"] for step in steps],
            texts,
            [step["kind"] in WHOLES for step in steps],
        )

    parts = "; ".join(f"{step['label']} {text}" for step, text in zip(steps, texts, strict=True))
    return Chart(
        title="What a token costs",
        unit=unit,
        svg=drawn(8.0 + ROW_MM * len(steps), draw),
        alt=f"Waterfall in {unit}: {parts}.",
        note="Parts as if every token were sold, then hatched what is not: headroom, faults, "
        f"idle hours. {ROUNDED}{counted}",
    )


def token_chain(result: Mapping[str, Any]) -> Chart | None:
    """From what the GPUs could give to what is sold."""
    steps = result["compute"]["chain"]
    if not steps or any(step["tokens_per_s"] is None for step in steps):
        return None
    labels = [
        FACTORS.get(step["factor"], step["factor"])
        + ("" if step["factor"] == "nameplate" else f" × {significant(step['value'], 3)}")
        for step in steps
    ]
    values = [step["tokens_per_s"] / 1e6 for step in steps]
    if racks_short(result):
        share = running_share(result)
        labels.append(f"Racks that do not starve × {significant(share, 3)}")
        values.append(values[-1] * share)
    return _bars(
        title="Where tokens go", unit="M tok/s", labels=labels, values=values, total_last=True
    )


def power_chain(result: Mapping[str, Any]) -> Chart | None:
    """What each conversion between the utility and the rack loses."""
    stages = [stage for stage in result["power"]["chain"] if stage["loss_kw"] > 0.0]
    energy = result["energy"]
    parts = [(str(stage["stage"]), float(stage["loss_kw"])) for stage in stages]
    parts += [
        (label, float(energy[key]))
        for label, key in (
            ("Pumps", "pump_kw"),
            ("Fans", "fan_kw"),
            ("Chillers", "chiller_kw"),
            ("Heat rejection", "heat_rejection_kw"),
        )
        if energy.get(key)
    ]
    if not parts:
        return None
    return _bars(
        title="Power that is not IT",
        unit="kW",
        labels=[label[:1].upper() + label[1:].replace("_", " ") for label, _ in parts],
        values=[value for _, value in parts],
    )


def cdu_load(result: Mapping[str, Any]) -> Chart | None:
    """How full each CDU is, normally and with one of its loop lost."""
    cdus = result["cooling"]["cdus"]
    rows = sorted(
        zip(cdus["tag"], cdus["load_fraction"], cdus["lost_one_fraction"], strict=True),
        key=lambda row: -row[2],
    )
    return _loads(
        title="CDU load, and with one lost",
        rows=[(tag, float(normal), float(lost)) for tag, normal, lost in rows],
        what="CDUs",
        lost="one of the loop",
    )


def node_load(result: Mapping[str, Any]) -> Chart | None:
    """How full each power node is, normally and with the other side lost."""
    nodes = result["power"]["nodes"]
    rows = [
        (tag, normal / limit, worst / limit)
        for tag, limit, normal, worst in zip(
            nodes["tag"], nodes["limit_kw"], nodes["normal_kw"], nodes["worst_kw"], strict=True
        )
        if limit > 0.0
    ]
    return _loads(
        title="Power load, and with the other side lost",
        rows=sorted(rows, key=lambda row: -row[2]),
        what="power nodes",
        lost="the other side",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Units whose load reads the same in whole per cent, under the tag of the fullest."""

    tag: str
    normal: float
    worst: float
    count: int

    @property
    def label(self) -> str:
        return self.tag if self.count == 1 else f"{self.tag} and {number(self.count - 1)} alike"

    @property
    def is_over(self) -> bool:
        return self.worst > 1.0


def _alike(rows: Sequence[tuple[str, float, float]]) -> list[_Row]:
    """One row for all that read the same, in the order of the first of each."""
    groups: dict[tuple[str, str, bool], list[tuple[str, float, float]]] = {}
    for row in rows:
        _, normal, worst = row
        same = number(normal * 100), number(worst * 100), worst > 1.0
        groups.setdefault(same, []).append(row)
    return [
        _Row(tag=group[0][0], normal=group[0][1], worst=group[0][2], count=len(group))
        for group in groups.values()
    ]


def _loads(
    *, title: str, rows: Sequence[tuple[str, float, float]], what: str, lost: str
) -> Chart | None:
    """Two bars in one row against a limit of 100 %, the fullest first."""
    if not rows:
        return None
    alike = _alike(rows)
    shown = alike[:MOST_BARS]

    def draw(axes: "Axes") -> None:
        for index, row in enumerate(shown):
            axes.barh(
                index,
                row.worst * 100,
                height=0.62,
                color="white",
                edgecolor=BAD if row.is_over else GREY,
                hatch="////",
                linewidth=0.6,
            )
            axes.barh(index, row.normal * 100, height=0.62, color=ACCENT)
        axes.axvline(100.0, color=INK, linewidth=0.8)
        axes.set_xlim(0.0, max(110.0, max(row.worst for row in shown) * 104))
        ticks(axes)
        label_rows(
            axes,
            [row.label for row in shown],
            [f"{number(row.normal * 100)} → {number(row.worst * 100)}" for row in shown],
            [row.is_over for row in shown],
        )

    rest = sum(row.count for row in alike[MOST_BARS:])
    least = (
        f" The other {number(rest)} {what} are at most {number(shown[-1].worst * 100)} % full."
        if rest
        else ""
    )
    words = "; ".join(
        f"{row.label} {number(row.normal * 100)} %, then {number(row.worst * 100)} %"
        for row in shown
    )
    return Chart(
        title=title,
        unit="% of what each may carry",
        svg=drawn(8.0 + ROW_MM * len(shown), draw),
        alt=f"{title}: {words}.{least}",
        note=f"Filled: normal. Hatched: with {lost} lost. Line: the limit.{least}",
    )


def _bars(
    *,
    title: str,
    unit: str,
    labels: Sequence[str],
    values: Sequence[float],
    total_last: bool = False,
) -> Chart:
    def draw(axes: "Axes") -> None:
        last = len(values) - 1
        for index, value in enumerate(values):
            strong = total_last and index == last
            axes.barh(index, value, height=0.62, color=ACCENT if strong else GREY)
        axes.set_xlim(0.0, max(values) * 1.02 or 1.0)
        ticks(axes)
        label_rows(
            axes,
            labels,
            [significant(value, 3) for value in values],
            [total_last and index == last for index in range(len(values))],
        )

    words = "; ".join(
        f"{label} {significant(value, 3)}" for label, value in zip(labels, values, strict=True)
    )
    return Chart(
        title=title,
        unit=unit,
        svg=drawn(8.0 + ROW_MM * len(values), draw),
        alt=f"{title} in {unit}: {words}.",
    )
