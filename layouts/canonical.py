"""The one way to write a value as text, and the hashes that follow from it.

The editor computes the same text in the browser, so every rule here is one that
JavaScript keeps too: keys in code-unit order, integral numbers without a point,
other numbers as the shortest text that reads back, never an exponent.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

HASH_MODULUS = 1 << 256
EMPTY_STATE = 0

# Numbers above this keep three decimals instead of six, so that the scaled
# integer stays exact in a double.
_FINE_LIMIT = 1e9

# What json.dumps writes differently from JavaScript: 7200.0, 1e-06.
_FOREIGN_NUMBER = re.compile(r"\.0(?![0-9])|[0-9]e[-+]")


def canonical(value: Any) -> str:
    """The canonical JSON text of a value without NaN, infinities or lone surrogates."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if _FOREIGN_NUMBER.search(text):
        return _written(value)
    return text


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = (f"{_written(key)}:{_written(value[key])}" for key in sorted(value))
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    return json.dumps(value, ensure_ascii=False)


def element_hash(element: Mapping[str, Any]) -> int:
    """SHA-256 of the canonical text of one element, as an integer."""
    return int.from_bytes(hashlib.sha256(canonical(element).encode()).digest(), "big")


def state_sum(elements: Iterable[Mapping[str, Any]]) -> int:
    """Sum of the element hashes, modulo 2^256: the order does not matter."""
    return sum(map(element_hash, elements), EMPTY_STATE) % HASH_MODULUS


def hash_text(total: int) -> str:
    """A state sum as 64 hexadecimal digits."""
    return f"{total:064x}"


def _plain(number: float) -> float:
    """The same number, as an int where it is integral."""
    return int(number) if number == int(number) else number


def length_mm(value: float) -> float:
    """A length on the 0.1 mm grid, half up."""
    return _plain(math.floor(value * 10 + 0.5) / 10)


def angle_deg(value: float) -> float:
    """An angle on the 0.001° grid in [0, 360)."""
    return _plain(math.floor(value * 1000 + 0.5) % 360_000 / 1000)


def number(value: float) -> float:
    """Any other number with at most six decimals, three from 1e9 on."""
    scale = 1_000_000 if abs(value) < _FINE_LIMIT else 1_000
    return _plain(math.floor(value * scale + 0.5) / scale)


def quantised(value: Any, name: str = "") -> Any:
    """A copy of a checked value with every number on the grid its name asks for."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: quantised(item, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [quantised(item, name) for item in value]
    if name.endswith("_mm"):
        return length_mm(value)
    if name.endswith("_deg"):
        return angle_deg(value)
    return number(value)
