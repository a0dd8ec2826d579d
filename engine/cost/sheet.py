"""A calculation as cells: one definition of a figure, its working, range and spreadsheet.

A cell is either an input with its source or a formula over cells before it. The same formulas
are evaluated with numbers, with arrays of samples, and written as spreadsheet formulas.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.assumptions import Assumptions
from engine.cost.formulas import APPLIED, Formula, Value
from engine.evaluation import Input
from engine.provenance import cited


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure of a calculation: an input with its origin, or a formula."""

    name: str
    label: str
    unit: str
    section: str
    value: float
    formula: Formula | None = None
    origin: Input | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_input(self) -> bool:
        """Whether somebody states it, rather than a formula giving it."""
        return self.formula is None


class Sheet:
    """Cells in an order in which each needs only those before it."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.cells = cells
        self._inner: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> float:
        return self.cells[name].value

    def __contains__(self, name: object) -> bool:
        return name in self.cells

    def inputs(self) -> Iterator[Cell]:
        """The cells that somebody states."""
        return (cell for cell in self.cells.values() if cell.is_input)

    def inputs_of(self, name: str) -> tuple[Cell, ...]:
        """Every stated cell that a figure rests on, in the order of the sheet."""
        needed = self._needed(name)
        return tuple(cell for cell in self._stated if cell.name in needed)

    @cached_property
    def _stated(self) -> tuple[Cell, ...]:
        return tuple(self.inputs())

    def section(self, name: str) -> tuple[Cell, ...]:
        """The cells of one section."""
        return tuple(cell for cell in self.cells.values() if cell.section == name)

    def with_values(
        self, changes: Mapping[str, Value], wanted: tuple[str, ...]
    ) -> dict[str, Value]:
        """Figures with other inputs, single numbers or arrays of samples of one length.

        Parameters
        ----------
        changes : mapping of str to float or array, shape (n,)
            New values by cell; a formula that is named is replaced by the value.
        wanted : tuple of str
            The figures asked for.

        Returns
        -------
        dict of str to float or array, shape (n,)
            By figure, in its own unit.

        Raises
        ------
        KeyError
            If a name is no cell.

        Notes
        -----
        Definition. Only cells between a changed one and a wanted one are computed.
        """
        needed: set[str] = set()
        for name in wanted:
            needed |= self._needed(name)
        for name in changes:
            _ = self.cells[name]
        values: dict[str, Value] = {}
        for name, cell in self.cells.items():
            if name in changes:
                values[name] = changes[name]
            elif (
                cell.formula is not None
                and name in needed
                and any(inner in values for inner in self._within(cell))
            ):
                values[name] = self.value_of(cell.formula, values)
        return {name: values.get(name, self.cells[name].value) for name in wanted}

    def _needed(self, name: str) -> frozenset[str]:
        """The cell and all that it rests on; figures share most of it."""
        known = self._below.get(name)
        if known is None:
            inner = self._within(self.cells[name])
            known = frozenset((name,)).union(*map(self._needed, inner))
            self._below[name] = known
        return known

    def _within(self, cell: Cell) -> tuple[str, ...]:
        """Names of the cells in a cell's formula."""
        known = self._inner.get(cell.name)
        if known is None:
            names = cell.formula.cells() if cell.formula is not None else ()
            known = self._inner[cell.name] = tuple(dict.fromkeys(names))
        return known

    def value_of(self, expression: Formula, values: Mapping[str, Value]) -> Value:
        """An expression over the cells, with some of them changed."""
        kind = expression.kind
        if kind == "cell":
            changed = values.get(expression.name)
            return self.cells[expression.name].value if changed is None else changed
        if kind == "number":
            return expression.number
        return APPLIED[kind](*[self.value_of(arg, values) for arg in expression.args])


class SheetBuilder:
    """Collects cells; each is computed as it is added."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.assumptions = assumptions
        self._cells: dict[str, Cell] = {}
        self._so_far = Sheet(self._cells)

    def __contains__(self, name: object) -> bool:
        return name in self._cells

    def stated(
        self,
        name: str,
        label: str,
        value: float,
        unit: str,
        origin: Input,
        *,
        bounds: tuple[float | None, float | None] = (None, None),
    ) -> Formula:
        """Add an input with its origin, and the range it is known to lie in."""
        low, high = bounds
        return self._add(
            Cell(
                name=name,
                label=label,
                unit=unit,
                section="input",
                value=value,
                origin=origin,
                low=low,
                high=high,
            )
        )

    def line(self, line: str, label: str = "") -> Formula:
        """Add an assumption line as an input, once."""
        if line in self._cells:
            return Formula("cell", name=line)
        quantity = self.assumptions[line]
        return self._add(
            Cell(
                name=line,
                label=label or quantity.note or line,
                unit=quantity.unit,
                section="input",
                value=quantity.value,
                origin=cited(self.assumptions, line)[0],
                low=quantity.low,
                high=quantity.high,
            )
        )

    def figure(
        self, name: str, label: str, unit: str, section: str, expression: Formula
    ) -> Formula:
        """Add a cell with a formula."""
        value = float(self._so_far.value_of(expression, {}))
        return self._add(
            Cell(
                name=name,
                label=label,
                unit=unit,
                section=section,
                value=value,
                formula=expression,
            )
        )

    def sheet(self) -> Sheet:
        """All cells so far."""
        return Sheet(dict(self._cells))

    def _add(self, cell: Cell) -> Formula:
        self._cells[cell.name] = cell
        return Formula("cell", name=cell.name)
