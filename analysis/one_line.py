"""The one-line diagram of a supply tree: what is drawn once for many, and where it stands.

Pure functions on the `power` part of `engine.systems.system_views`. Equal branches are folded into
one that says how many it stands for; a fold is opened by its key, a few of its members at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

OPENED = 24  # members of a fold that opening it shows
WIDTH, HEIGHT = 176, 88
ACROSS, DOWN = 16, 36  # between cells
LINE_X = 20  # where the line runs through a cell, from its left
LOAD_HEAD, LOAD_LINE = 14, 16
MARGIN = 12
LOAD = "load"
UTILITY = "utility"
BESIDE = "beside"  # what no drawn node feeds, a side of its own
BESIDE_WIDTH = 300
WARM = 0.8  # of a limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Consumers of one kind under a branch."""

    kind: str
    ids: tuple[str, ...]
    tags: tuple[str, ...]
    kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One node of the diagram: a power node, or many that are alike, with all below."""

    key: str
    kind: str
    rows: tuple[int, ...]  # in the table of nodes; empty for a utility
    children: "tuple[Branch, ...]" = ()
    loads: tuple[Load, ...] = ()
    is_pinned: bool = False  # holds what is looked for, or a fold that is open: never folded

    @property
    def signature(self) -> tuple[Any, ...]:
        """What makes a branch look like another, beside what the table says of its node."""
        loads = tuple(
            (load.kind, len(load.ids) if load.kind == "rack" else 0) for load in self.loads
        )
        below = tuple((each.kind, len(each.rows), each.signature) for each in self.children)
        return self.kind, loads, below


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A branch, or the loads under one, in its place. Pixels from the top left."""

    branch: Branch
    is_load: bool
    depth: int
    x: float
    y: float
    width: float
    height: float

    @property
    def line_x(self) -> float:
        """Where the line runs through."""
        return self.x + LINE_X


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """The line from a cell to one below it: down, across, down."""

    x0: float
    y0: float
    x1: float
    y1: float
    bend_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """One side, drawn."""

    side: str
    cells: tuple[Cell, ...] = ()
    wires: tuple[Wire, ...] = ()
    width: float = 0.0
    height: float = 0.0


@dataclass(slots=True)
class _Pen:
    """What is placed so far: leaves go from left to right."""

    next_x: float = MARGIN
    cells: list[Cell] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)


def diagrams(
    power: Mapping[str, Any], opened: Collection[str] = (), at: str = ""
) -> tuple[Diagram, ...]:
    """One diagram per side that has nodes, in the order A, B, neither; then what is not drawn.

    `opened` are keys of folds to open; `at` is an element that must stand by itself.
    """
    found = []
    builder = _Builder(power, frozenset(opened), at)
    for side in ("A", "B", ""):
        branches = _side(builder, side)
        if branches:
            found.append(_placed(side, branches))
    if found and power["beside"]:
        found.append(_beside(power))
    return tuple(found)


def _beside(power: Mapping[str, Any]) -> Diagram:
    """What the site draws past all drawn nodes, so that the sources add up to all of it."""
    loads = tuple(
        Load(kind=each["what"], ids=(), tags=(), kw=each["kw"]) for each in power["beside"]
    )
    source = Branch(key=f"{UTILITY}-{BESIDE}", kind=UTILITY, rows=(), loads=loads)
    diagram = _placed(BESIDE, [source])
    cells = tuple(replace(cell, width=BESIDE_WIDTH) for cell in diagram.cells)
    return replace(diagram, cells=cells, width=BESIDE_WIDTH + 2.0 * MARGIN)


def share(power: Mapping[str, Any], row: int, load: str = "worst_kw") -> float | None:
    """Load over limit of a node; None where no rating is stated."""
    limit = power["nodes"]["limit_kw"][row]
    return power["nodes"][load][row] / limit if limit > 0.0 else None


def band(fraction: float | None) -> str:
    """How near its limit a node is: ok, warm, over or unrated."""
    if fraction is None:
        return "unrated"
    return "over" if fraction > 1.0 + 1e-9 else "warm" if fraction > WARM else "ok"


class _Builder:
    """Branches of one answer, from the table of nodes."""

    def __init__(self, power: Mapping[str, Any], opened: frozenset[str], at: str) -> None:
        self.power, self.opened, self.at = power, opened, at
        self.below: dict[int, list[int]] = {}
        for row, parent in enumerate(power["nodes"]["parent"]):
            self.below.setdefault(parent, []).append(row)
        self.hung = _hung(power)

    def branch(self, row: int) -> Branch:
        """A node with all that hangs below it."""
        children = [self.branch(each) for each in self.below.get(row, ())]
        loads = tuple(self.hung.get(row, ()))
        key = self.power["nodes"]["id"][row]
        return Branch(
            key=key,
            kind=self.power["nodes"]["kind"][row],
            rows=(row,),
            children=_folded(self.power, children, self.opened),
            loads=loads,
            is_pinned=key == self.at
            or any(each.is_pinned or each.key in self.opened for each in children)
            or any(self.at in load.ids for load in loads),
        )


def _side(builder: _Builder, side: str) -> list[Branch]:
    power, opened = builder.power, builder.opened
    nodes = power["nodes"]
    roots = [row for row in builder.below.get(-1, ()) if nodes["side"][row] == side]
    built = {row: builder.branch(row) for row in roots}
    own = [built[row] for row in roots if nodes["kind"][row] == "generator"]
    fed = [built[row] for row in roots if nodes["kind"][row] != "generator"]
    sources = list(_folded(power, own, opened))
    if fed:
        below = _folded(power, fed, opened)
        key = f"{UTILITY}-{side or 'all'}"
        sources.insert(0, Branch(key=key, kind=UTILITY, rows=(), children=below))
    return sources


def _hung(power: Mapping[str, Any]) -> dict[int, list[Load]]:
    """Consumers by the node that they hang on; those with two feeds stand under both."""
    found: dict[int, list[Load]] = {}
    for load in power["loads"]:
        one = Load(
            kind=load["kind"], ids=tuple(load["ids"]), tags=tuple(load["tags"]), kw=load["kw"]
        )
        for feed in {load["feed_a"], load["feed_b"]} - {-1}:
            found.setdefault(feed, []).append(one)
    return {row: list(_by_kind(loads)) for row, loads in found.items()}


def _by_kind(loads: Sequence[Load]) -> tuple[Load, ...]:
    kinds: dict[str, list[Load]] = {}
    for load in loads:
        kinds.setdefault(load.kind, []).append(load)
    return tuple(
        Load(
            kind=kind,
            ids=tuple(id_ for each in same for id_ in each.ids),
            tags=tuple(tag for each in same for tag in each.tags),
            kw=sum(each.kw for each in same),
        )
        for kind, same in sorted(kinds.items(), reverse=True)
    )


def _folded(
    power: Mapping[str, Any], branches: Sequence[Branch], opened: frozenset[str]
) -> tuple[Branch, ...]:
    """Branches alike drawn as one, in the order of their first; opened ones apart."""
    alike: dict[tuple[Any, ...], list[Branch]] = {}
    for branch in branches:
        alike.setdefault(_likeness(power, branch), []).append(branch)
    found: list[Branch] = []
    for same in alike.values():
        found += _opened(same, opened)
    return tuple(found)


def _opened(same: Sequence[Branch], opened: frozenset[str]) -> list[Branch]:
    """Members of a fold: all as one, or those that were opened and the rest as one."""
    shown: list[Branch] = []
    rest = list(same)
    while len(rest) > 1 and rest[0].key in opened:
        shown += rest[:OPENED]
        rest = rest[OPENED:]
    if len(rest) > 1:
        rest = [_merged(rest)]
    return [*shown, *rest]


def _likeness(power: Mapping[str, Any], branch: Branch) -> tuple[Any, ...]:
    nodes, row = power["nodes"], branch.rows[0]
    return (
        nodes["product"][row],
        nodes["rating_kw"][row],
        band(share(power, row)),
        branch.signature,
        branch.key if branch.is_pinned else "",
    )


def _merged(same: Sequence[Branch]) -> Branch:
    """One branch for several that look alike: their children line up one by one."""
    first = same[0]
    return replace(
        first,
        rows=tuple(row for each in same for row in each.rows),
        children=tuple(
            _merged([each.children[i] for each in same]) for i in range(len(first.children))
        ),
        loads=_by_kind([load for each in same for load in each.loads]),
    )


def _placed(side: str, branches: Sequence[Branch]) -> Diagram:
    pen = _Pen()
    for branch in branches:
        _place(pen, branch, 0)
    return Diagram(
        side=side,
        cells=tuple(pen.cells),
        wires=tuple(pen.wires),
        width=max(cell.x + cell.width for cell in pen.cells) + MARGIN,
        height=max(cell.y + cell.height for cell in pen.cells) + MARGIN,
    )


def _place(pen: _Pen, branch: Branch, depth: int) -> Cell:
    """A branch over the middle of all that hangs below it."""
    y = MARGIN + depth * (HEIGHT + DOWN)
    lower = [_place(pen, each, depth + 1) for each in branch.children]
    if branch.loads:
        lower.append(_leaf(pen, branch, depth + 1))
    if lower:
        x = (lower[0].x + lower[-1].x) / 2.0
    else:
        x, pen.next_x = pen.next_x, pen.next_x + WIDTH + ACROSS
    cell = Cell(branch=branch, is_load=False, depth=depth, x=x, y=y, width=WIDTH, height=HEIGHT)
    pen.cells.append(cell)
    bend = y + HEIGHT + DOWN / 2.0
    for each in lower:
        pen.wires.append(
            Wire(x0=cell.line_x, y0=y + HEIGHT, x1=each.line_x, y1=each.y, bend_y=bend)
        )
    return cell


def _leaf(pen: _Pen, branch: Branch, depth: int) -> Cell:
    cell = Cell(
        branch=branch,
        is_load=True,
        depth=depth,
        x=pen.next_x,
        y=MARGIN + depth * (HEIGHT + DOWN),
        width=WIDTH,
        height=LOAD_HEAD + LOAD_LINE * len(branch.loads),
    )
    pen.next_x += WIDTH + ACROSS
    pen.cells.append(cell)
    return cell
