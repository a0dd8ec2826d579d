"""Tables of a plant: one row per element, one array per quantity."""

from dataclasses import field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import Invalid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Names = tuple[str, ...]

UNSTATED = -1.0  # a clearance or fraction that the product leaves to the rules

_UNSET: Any = object()


class PlantInconsistent(Invalid):
    """The columns of a plant do not fit together; the assembler has a fault."""

    code = "plant-inconsistent"
    title = "The plant does not fit together"


def column(kind: type, fill: object, shape: tuple[int, ...] = ()) -> Any:
    """A column of a table: its element type, its default and the shape of one row."""
    return field(default=_UNSET, metadata={"kind": kind, "fill": fill, "shape": shape})


class Table:
    """Rows of one kind, one array per quantity, all of the length of ``id``."""

    __slots__ = ()
    id: Names

    def __post_init__(self) -> None:
        count = len(self.id)
        for item in fields(self):  # type: ignore[arg-type]
            if "kind" not in item.metadata:
                continue
            kind, shape = item.metadata["kind"], item.metadata["shape"]
            given = getattr(self, item.name)
            if kind is str:
                values: Any = (item.metadata["fill"],) * count if given is _UNSET else tuple(given)
            else:
                if given is _UNSET:
                    values = np.full((count, *shape), item.metadata["fill"], dtype=kind)
                elif _is_settled(given, kind):
                    values = given
                else:
                    values = np.array(given, dtype=kind)
                if values.shape[1:] != shape or not values.ndim:
                    values = values.reshape((-1, *shape))
                if kind is np.float64 and not np.isfinite(values).all():
                    raise PlantInconsistent(
                        "Every quantity must be finite.",
                        table=type(self).__name__,
                        column=item.name,
                    )
                values.setflags(write=False)
            if len(values) != count:
                raise PlantInconsistent(
                    "Every column needs one entry per row.",
                    table=type(self).__name__,
                    column=item.name,
                    rows=count,
                    entries=len(values),
                )
            object.__setattr__(self, item.name, values)

    def __len__(self) -> int:
        return len(self.id)


def _is_settled(given: Any, kind: type) -> bool:
    """Whether a column is an array that nobody else can change, so that tables may share it."""
    return (
        isinstance(given, np.ndarray)
        and given.base is None
        and not given.flags.writeable
        and given.dtype == kind
    )
