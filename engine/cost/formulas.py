"""Expressions over named cells: computed with numbers or arrays, read by people and programs."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, cast

import numpy as np

from engine.cost import lifetime
from engine.plant import Floats

Value = float | Floats
Kind = Literal[
    "+", "-", "*", "/", "^", "min", "max", "ln", "exp", "recovery", "level", "purchases", "life"
]
Operand = "Formula | float"

INFIX: Final[Mapping[str, int]] = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
NO_INTEREST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression over named cells; Python's own operators build it."""

    kind: Kind | Literal["cell", "number"]
    args: tuple["Formula", ...] = ()
    name: str = ""
    number: float = 0.0

    def __add__(self, other: "Formula | float") -> "Formula":
        return Formula("+", (self, formula(other)))

    def __radd__(self, other: float) -> "Formula":
        return Formula("+", (formula(other), self))

    def __sub__(self, other: "Formula | float") -> "Formula":
        return Formula("-", (self, formula(other)))

    def __rsub__(self, other: float) -> "Formula":
        return Formula("-", (formula(other), self))

    def __mul__(self, other: "Formula | float") -> "Formula":
        return Formula("*", (self, formula(other)))

    def __rmul__(self, other: float) -> "Formula":
        return Formula("*", (formula(other), self))

    def __truediv__(self, other: "Formula | float") -> "Formula":
        return Formula("/", (self, formula(other)))

    def __rtruediv__(self, other: float) -> "Formula":
        return Formula("/", (formula(other), self))

    def __pow__(self, other: "Formula | float") -> "Formula":
        return Formula("^", (self, formula(other)))

    def cells(self) -> Iterator[str]:
        """Names of the cells in it, as often as they stand there."""
        todo = [self]
        while todo:
            part = todo.pop()
            if part.kind == "cell":
                yield part.name
            todo += reversed(part.args)


def formula(value: "Formula | float") -> Formula:
    """A number as a formula; a formula as it is.

    Notes
    -----
    Definition.
    """
    return value if isinstance(value, Formula) else Formula("number", number=float(value))


def least(*args: "Formula | float") -> Formula:
    """The smallest of its arguments.

    Notes
    -----
    Definition.
    """
    return Formula("min", tuple(map(formula, args)))


def most(*args: "Formula | float") -> Formula:
    """The largest of its arguments.

    Notes
    -----
    Definition.
    """
    return Formula("max", tuple(map(formula, args)))


def ln(value: Formula) -> Formula:
    """Natural logarithm.

    Notes
    -----
    Definition.
    """
    return Formula("ln", (value,))


def recovery(rate: Formula, years: Formula) -> Formula:
    """Yearly payment that repays one dollar with interest; one over the life without.

    Notes
    -----
    Definition.
    """
    return Formula("recovery", (rate, years))


def level(rate: Formula, years: Formula) -> Formula:
    """Yearly payment in monthly parts that repays one dollar: `lifetime.level_payment`.

    Notes
    -----
    Definition.
    """
    return Formula("level", (rate, years))


def purchases(rate: Formula, life: Formula, end: Formula, residual: Formula) -> Formula:
    """Present cost of a dollar of hardware bought again and again: `lifetime.purchases`.

    Notes
    -----
    Definition.
    """
    return Formula("purchases", (rate, life, end, residual))


def sold_over_life(*args: Formula) -> Formula:
    """Tokens of a life over those of steady years: `lifetime.sold_over_life`, in its order.

    Notes
    -----
    Definition. A sum over months: spreadsheets hold it on a page of its own.
    """
    return Formula("life", args)


def total(*terms: Formula) -> Formula:
    """The sum of all terms; zero of none.

    Notes
    -----
    Definition.
    """
    found = terms[0] if terms else formula(0.0)
    for term in terms[1:]:
        found = found + term
    return found


def _recovery(rate: Value, years: Value) -> Value:
    if isinstance(rate, np.ndarray) or isinstance(years, np.ndarray):
        rates = np.asarray(rate, dtype=np.float64)
        safe = np.maximum(rates, NO_INTEREST)
        return np.where(rates < NO_INTEREST, 1.0 / years, safe / -np.expm1(-years * np.log1p(safe)))
    if rate < NO_INTEREST:
        return 1.0 / years
    # 1 - (1 + r)^-n loses its digits for a small rate.
    return rate / -math.expm1(-years * math.log1p(rate))


def _smallest(*args: Value) -> Value:
    if any(isinstance(arg, np.ndarray) for arg in args):
        found = args[0]
        for arg in args[1:]:
            found = np.minimum(found, arg)
        return found
    return min(cast(tuple[float, ...], args))


def _largest(*args: Value) -> Value:
    if any(isinstance(arg, np.ndarray) for arg in args):
        found = args[0]
        for arg in args[1:]:
            found = np.maximum(found, arg)
        return found
    return max(cast(tuple[float, ...], args))


def _log(value: Value) -> Value:
    return np.log(value) if isinstance(value, np.ndarray) else math.log(value)


def _exp(value: Value) -> Value:
    return np.exp(value) if isinstance(value, np.ndarray) else math.exp(value)


APPLIED: Final[Mapping[str, Callable[..., Value]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    "min": _smallest,
    "max": _largest,
    "ln": _log,
    "exp": _exp,
    "recovery": _recovery,
    "level": lifetime.level_payment,
    "purchases": lifetime.purchases,
    "life": lifetime.sold_over_life,
}


SIGNS: Final[Mapping[str, str]] = {"*": "×", "/": "÷", "-": "−"}
WORDED: Final[Mapping[str, str]] = {
    "min": "least of",
    "max": "most of",
    "ln": "ln",
    "exp": "exp",
    "recovery": "annuity",
    "level": "level payment",
    "purchases": "purchases over the life",
    "life": "growth over the life",
}


def worded(expression: Formula, name_of: Callable[[str], str], outer: int = 0) -> str:
    """A formula as people read it.

    Parameters
    ----------
    expression : Formula
        What to write.
    name_of : callable
        The name of a cell.
    outer : int
        How tightly the surrounding formula binds.

    Returns
    -------
    str
        With ×, ÷ and the names of functions in place of what spreadsheets need for them.

    Notes
    -----
    Definition.
    """
    if expression.kind in WORDED:
        inner = ", ".join(worded(arg, name_of) for arg in expression.args)
        return f"{WORDED[expression.kind]} ({inner})"
    if expression.kind in INFIX:
        return _infix(expression, outer, lambda arg, side: worded(arg, name_of, side), SIGNS)
    if expression.kind == "number":
        return f"{expression.number:,.6g}"
    return name_of(expression.name)


def _infix(
    expression: Formula,
    outer: int,
    side_of: Callable[[Formula, int], str],
    signs: Mapping[str, str] = MappingProxyType({}),
) -> str:
    kind = expression.kind
    binds = INFIX[kind]
    sides = (binds, binds + (kind in "-/^"))
    text = f" {signs.get(kind, kind)} ".join(
        side_of(arg, side) for arg, side in zip(expression.args, sides, strict=True)
    )
    return f"({text})" if binds < outer else text


def written(expression: Formula, name_of: Callable[[str], str], outer: int = 0) -> str:
    """A formula as text, cells by a name of the caller's choosing; spreadsheets can read it.

    Parameters
    ----------
    expression : Formula
        What to write.
    name_of : callable
        The name or address of a cell.
    outer : int
        How tightly the surrounding formula binds.

    Returns
    -------
    str
        Without a leading equals sign.

    Notes
    -----
    Definition. ``^`` binds tightest; a right operand of ``-``, ``/`` and ``^`` is bracketed.
    """
    kind = expression.kind
    if kind == "number":
        return repr(expression.number).removesuffix(".0")
    if kind == "cell":
        return name_of(expression.name)
    if kind in INFIX:
        return _infix(expression, outer, lambda arg, side: written(arg, name_of, side))
    args = [written(arg, name_of) for arg in expression.args]
    return SPELT[kind](*args) if kind in SPELT else f"{kind.upper()}({','.join(args)})"


def _recovery_spelt(rate: str, years: str) -> str:
    return f"IF({rate}<1E-12,1/({years}),({rate})/(1-(1+{rate})^(-({years}))))"


def _level_spelt(rate: str, years: str) -> str:
    whole = f"(ROUND(12*({years}),0)/12)"
    return f"IF({rate}<1E-12,1/{whole},12*((1+{rate})^(1/12)-1)/(1-(1+{rate})^(-{whole})))"


def _purchases_spelt(rate: str, life: str, end: str, residual: str) -> str:
    count = f"ROUNDUP(({end})/({life})-1E-9,0)"
    return (
        f"(IF({rate}<1E-12,{count},(1-(1+{rate})^(-({life})*{count}))/(1-(1+{rate})^(-({life}))))"
        f"-({residual}+MAX({count}*({life})-({end}),0)/({life}))*(1+{rate})^(-({end})))"
    )


SPELT: Final[Mapping[str, Callable[..., str]]] = {
    "recovery": _recovery_spelt,
    "level": _level_spelt,
    "purchases": _purchases_spelt,
}
