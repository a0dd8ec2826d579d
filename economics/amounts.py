"""Numbers as a reader takes them."""

from typing import Final

DIGITS: Final = ((100.0, 0), (10.0, 1), (1.0, 2), (0.01, 3))


def money(value: float | None) -> str:
    """A cost with three figures that matter."""
    if value is None:
        return "–"
    size = abs(value)
    digits = next((found for least, found in DIGITS if size >= least), 4)
    return f"{value:,.{digits}f}"


def counted(value: float) -> str:
    """A count or a rate with three figures that matter, never in powers of ten."""
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:,.3g}"


def plain(value: float) -> str:
    """A number as one reads it: thousands apart, six figures at most."""
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"


def lower_first(label: str) -> str:
    """A label inside a sentence; abbreviations stay as they are."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def change(ratio: float, digits: int = 0) -> str:
    """A change in percent with its sign; words where it rounds to nothing."""
    rounded = round(ratio, digits + 2)
    return "no change" if rounded == 0.0 else f"{rounded:+.{digits}%}"
