"""Speculative decoding: several tokens a step, for more arithmetic a step."""

from dataclasses import dataclass
from typing import Final

from engine.errors import OutOfRange
from engine.ranges import bounded

FIRST_ACCEPTANCE: Final = 0.80
ACCEPTANCE_DECAY: Final = 0.85
EAGLE_ACCEPTANCE: Final = 0.70
# Priors from memory: a native multi-token head, its decay per position, and a separate draft.
VERIFY_SHARE: Final = 1.0
OVERHEAD_PER_DRAFT: Final = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Speculation:
    """A drafting method: how many tokens it proposes and how often they stand."""

    depth: int = 0
    acceptance: float = FIRST_ACCEPTANCE
    decay: float = ACCEPTANCE_DECAY  # of the acceptance, from one position to the next

    def __post_init__(self) -> None:
        if self.depth < 0 or not 0.0 <= self.acceptance <= 1.0 or not 0.0 < self.decay <= 1.0:
            raise OutOfRange(
                "A draft needs a depth of 0 or more, an acceptance of 0 to 1 and a decay above 0.",
                depth=self.depth,
            )

    @property
    def tokens_per_step(self) -> float:
        """Tokens that one step yields: the verified one and the accepted drafts. [1]"""
        return accepted_tokens(self.depth, self.acceptance, self.decay)

    @property
    def compute_factor(self) -> float:
        """Arithmetic of a step over that of a plain one. [1]"""
        return 1.0 + self.depth * VERIFY_SHARE

    @property
    def overhead_factor(self) -> float:
        """Launch and collective time of a step over that of a plain one. [1]"""
        return 1.0 + self.depth * OVERHEAD_PER_DRAFT


NONE: Final = Speculation()


def accepted_tokens(depth: int, acceptance: float, decay: float = 1.0) -> float:
    r"""Tokens that one step of speculative decoding yields.

    Parameters
    ----------
    depth : int
        Drafted tokens, >= 0.
    acceptance : float
        Share of first drafts that stand, 0 to 1. [1]
    decay : float
        Acceptance of a position over that of the one before, 0 to 1. [1]

    Returns
    -------
    float
        1 to depth + 1. [1]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`Y = 1 + \sum_{i=1}^{k} \prod_{j=1}^{i} a\,d^{j-1}`; without decay
    :math:`(1-a^{k+1})/(1-a)` [1]_. Drafts after a refused one are lost.

    References
    ----------
    .. [1] Y. Leviathan, M. Kalman and Y. Matias, "Fast inference from transformers via
       speculative decoding," ICML 2023, eq. 1, arXiv:2211.17192.
    """
    bounded("The acceptance", acceptance, 0.0, 1.0)
    bounded("The decay", decay, 0.0, 1.0)
    expected, stands = 1.0, 1.0
    for position in range(depth):
        stands *= acceptance * decay**position
        expected += stands
    return expected
