"""Headers of the TCS loops as trees: pieces of pipe from the CDUs out to the racks.

A piece ends at a rack that hangs on it or at a joint. The pieces of a loop stand together, each
behind the one that it comes from, so that what hangs on a piece is a range behind it.
"""

from dataclasses import dataclass, fields

import numpy as np

from engine.plant import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Pipes between two pieces that no flow is asked through: the middle of a ring."""

    start: Ints  # piece; -1: a CDU
    end: Ints  # piece
    length_m: Floats
    k: Floats  # of its bends
    factor: Floats
    bore_m: Floats  # stated; 0: that of the wider piece it joins
    source: Ints  # CDU at its end without a piece; -1: none
    run: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """One entry per piece, for racks with coolant on a loop with a CDU."""

    rack: Ints  # -1: the piece ends at a joint
    loop: Ints
    before: Ints  # piece that it comes from; -1: a CDU
    last: Ints  # last piece that hangs on it, itself where none does
    source: Ints  # drawn CDU that it comes from; -1: a piece, or the loop's CDUs together
    run: Ints  # drawn pipe; -1: assumed along the row
    length_m: Floats  # one way
    home_m: Floats  # of a reverse return after it: to the next place, home for the last
    reach_m: Floats  # from the pipe to the rack, beside its hose
    bore_m: Floats  # stated; 0: sized by the rules
    factor: Floats  # on friction and fittings
    bends_k: Floats
    ties: Ties

    @property
    def begins(self) -> Bools:
        """Pieces that come from a CDU."""
        return np.asarray(self.before < 0)

    def of_racks(self, values: Floats) -> Floats:
        """Figures of all racks, for each piece that of its rack; 0 at a joint."""
        return np.asarray(np.append(values, 0.0)[self.rack])

    @property
    def is_drawn(self) -> Bools:
        """Pieces of drawn pipes."""
        return np.asarray(self.run >= 0)


def no_ties() -> Ties:
    """No ring anywhere.

    Notes
    -----
    Definition.
    """
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Ties(
        start=none,
        end=none,
        length_m=nothing,
        k=nothing,
        factor=nothing,
        bore_m=nothing,
        source=none,
        run=none,
    )


def chains(
    *,
    rack: Ints,
    loop: Ints,
    begins: Bools,
    length_m: Floats,
    home_m: Floats | None = None,
    run: Ints | None = None,
) -> Headers:
    """Headers without branches: each entry comes from the one before it.

    Parameters
    ----------
    rack, loop, run : array of int, shape (n,)
        Of each piece; ``run`` None: nothing is drawn.
    begins : array of bool, shape (n,)
        Pieces that come from a CDU.
    length_m, home_m : array, shape (n,)
        Of supply and reverse return; ``home_m`` None: as the supply. [m]

    Returns
    -------
    Headers
        Sized by the rules, straight, with no resistance but its own.

    Notes
    -----
    Definition.
    """
    n = rack.size
    first = np.flatnonzero(begins)
    of_chain = np.cumsum(begins) - 1
    nothing = np.zeros(n)
    return Headers(
        rack=rack,
        loop=loop,
        before=np.where(begins, -1, np.arange(n) - 1),
        last=(np.append(first[1:], n) - 1)[of_chain] if n else np.zeros(0, dtype=np.int64),
        source=np.full(n, -1),
        run=np.full(n, -1) if run is None else run,
        length_m=length_m,
        home_m=length_m if home_m is None else home_m,
        reach_m=nothing,
        bore_m=nothing,
        factor=np.ones(n),
        bends_k=nothing,
        ties=no_ties(),
    )


def together(parts: "list[Headers]") -> Headers:
    """Several sets of headers as one, by loop.

    Parameters
    ----------
    parts : list of Headers
        At least one; loops may occur in several.

    Returns
    -------
    Headers
        Pieces of a loop stand together.

    Notes
    -----
    Definition.
    """
    parts = [part for part in parts if part.rack.size] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    shift = np.cumsum([0, *(part.rack.size for part in parts[:-1])]).tolist()
    loop = np.concatenate([part.loop for part in parts])
    order = np.argsort(loop, kind="stable")
    place = np.empty(order.size + 1, dtype=np.int64)
    place[order] = np.arange(order.size)
    place[-1] = -1  # what comes from a CDU

    def moved(name: str, of: str = "") -> Ints:
        columns = (getattr(getattr(part, of) if of else part, name) for part in parts)
        shifted = (
            np.where(column < 0, order.size, column + by)
            for column, by in zip(columns, shift, strict=True)
        )
        return np.asarray(place[np.concatenate(list(shifted))])

    columns = {
        item.name: np.concatenate([getattr(part, item.name) for part in parts])[order]
        for item in fields(Headers)
        if item.name not in ("ties", "before", "last")
    }
    ties = {
        name: np.concatenate([getattr(part.ties, name) for part in parts])
        for name in ("length_m", "k", "factor", "bore_m", "source", "run")
    }
    return Headers(
        **columns,
        before=moved("before")[order],
        last=moved("last")[order],
        ties=Ties(start=moved("start", "ties"), end=moved("end", "ties"), **ties),
    )


def beyond(values: Floats, headers: Headers) -> Floats:
    """Sum over all that hangs on each piece, itself included.

    Parameters
    ----------
    values : array, shape (n_pieces,)
        What is summed.
    headers : Headers
        The tree.

    Returns
    -------
    array, shape (n_pieces,)
        Sums.

    Notes
    -----
    Definition.
    """
    total = np.append(0.0, np.cumsum(values))
    return np.asarray(total[headers.last + 1] - total[:-1])


def from_cdu(values: Floats, headers: Headers) -> Floats:
    """Sum along the way from the CDU to the end of each piece.

    Parameters
    ----------
    values : array, shape (n_pieces,)
        What is summed.
    headers : Headers
        The tree.

    Returns
    -------
    array, shape (n_pieces,)
        Sums.

    Notes
    -----
    Definition.
    """
    left = np.bincount(headers.last + 1, values, values.size + 1)[:-1]
    return np.asarray(np.cumsum(values - left))
