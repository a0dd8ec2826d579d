"""Which rows and entries meet when a symmetric sparse matrix is eliminated, found once.

A network keeps its shape while its figures change, so the order of the nodes and every
position that a step of the elimination touches are laid down beforehand.
"""

from dataclasses import dataclass

import numpy as np

from engine.plant import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Elimination:
    """Columns of the lower factor one after another, and where each product of two entries goes."""

    order: Ints  # node at each place
    column: Ints  # first entry of each column below the diagonal, shape (n + 1,)
    row: Ints  # place of each entry's row
    target: Ints  # entry, or -1 - place for a diagonal, that each product is taken from
    entry: Ints  # entry that each coupled pair adds to


def elimination_of(count: int, first: Ints, second: Ints) -> Elimination:
    """The program that eliminates a matrix with these couplings.

    Parameters
    ----------
    count : int
        Number of rows.
    first, second : array of int, shape (n_pairs,)
        Rows that are coupled, each below ``count`` and not equal; a pair may come twice.

    Returns
    -------
    Elimination
        For `engine.hydraulics.kernels.settle`.

    Notes
    -----
    Least degree first [1]_: near-trees, which pipework is, gain hardly an entry.

    References
    ----------
    .. [1] A. George and J. W. H. Liu, "The evolution of the minimum degree ordering
       algorithm", SIAM Review, vol. 31, pp. 1-19, 1989, doi:10.1137/1031001.
    """
    beside: list[set[int]] = [set() for _ in range(count)]
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        beside[a].add(b)
        beside[b].add(a)
    order, columns = _least_degree_first(beside)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    places = place.tolist()
    column, row, target = [0], list[int](), list[int]()
    entry_of: dict[tuple[int, int], int] = {}
    for k, members in enumerate(columns):
        rows = sorted(places[node] for node in members)
        for r in rows:
            entry_of[k, r] = len(row)
            row.append(r)
        column.append(len(row))
    for k in range(count):
        rows = row[column[k] : column[k + 1]]
        for i, r in enumerate(rows):
            target.append(-1 - r)
            target.extend(entry_of[r, below] for below in rows[i + 1 :])
    low = np.minimum(place[first], place[second]).tolist()
    high = np.maximum(place[first], place[second]).tolist()
    return Elimination(
        order=np.array(order, dtype=np.int64),
        column=np.array(column, dtype=np.int64),
        row=np.array(row, dtype=np.int64),
        target=np.array(target, dtype=np.int64),
        entry=np.array([entry_of[pair] for pair in zip(low, high, strict=True)], dtype=np.int64),
    )


def _least_degree_first(beside: list[set[int]]) -> tuple[list[int], list[set[int]]]:
    """Nodes in the order of elimination, with the later nodes that each is coupled to then."""
    buckets: list[set[int]] = []

    def put(node: int) -> None:
        degree = len(beside[node])
        while len(buckets) <= degree:
            buckets.append(set())
        buckets[degree].add(node)

    for node in range(len(beside)):
        put(node)
    order, columns = [], []
    least = 0
    for _ in range(len(beside)):
        while not buckets[least]:
            least += 1
        node = buckets[least].pop()
        members = beside[node]
        for other in members:
            buckets[len(beside[other])].discard(other)
            beside[other] |= members
            beside[other] -= {node, other}
            put(other)
        least = max(least - 1, 0)
        order.append(node)
        columns.append(members)
    return order, columns
