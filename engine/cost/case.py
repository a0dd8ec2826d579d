"""A plant, its site and its assumptions: everything that one answer about money needs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.assumptions import Assumptions
from engine.cost.basis import Basis
from engine.cost.economics import Economics, economics
from engine.cost.fleet import split_by_price, split_by_time
from engine.cost.terms import MODE_WORDS, Mode
from engine.errors import OutOfRange
from engine.evaluation import ComputeResult
from engine.plant import Site
from engine.tables import gpu_systems, model_named
from engine.tokens.compute import Powers, delivered
from engine.tokens.measurements import measurements
from engine.tokens.roofline import prefill_time_share
from engine.tokens.throughput import Frontier, Serving, frontier
from engine.tokens.workload import served


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question: what does a token cost here, on these terms?"""

    basis: Basis
    site: Site
    assumptions: Assumptions

    def compute(self) -> ComputeResult:
        """Tokens per second and per megawatt."""
        return delivered(
            tuple((fleet.gpu, fleet.gpus) for fleet in self.basis.fleets),
            self.site,
            Powers(it_kw=self.basis.it_kw, facility_kw=self.basis.facility_kw),
            self.assumptions,
        )

    def answer(self) -> "Answer":
        """Everything about this case."""
        compute = self.compute()
        found = economics(self.basis, self.site, compute, self.assumptions)
        return Answer(case=self, compute=compute, economics=found)

    def at_speed(self, tok_s_user: float) -> "Case":
        """The same case at another speed per user."""
        workload = replace(self.site.workload, interactivity_tok_s_user=tok_s_user)
        return replace(self, site=replace(self.site, workload=workload))

    def with_lines(self, values: Mapping[str, float]) -> "Case":
        """The same case with other values of some assumption lines.

        Raises
        ------
        UnknownAssumption
            If a line is none.
        """
        return replace(self, assumptions=self.assumptions.with_values(values))

    def in_mode(self, mode: Mode) -> "Case":
        """The same case by another finance mode."""
        return replace(self, site=replace(self.site, finance=replace(self.site.finance, mode=mode)))

    def speed(self) -> float:
        """The speed per user that is asked for. [tok/s]"""
        return served(self.site, self.assumptions).tok_s_user

    def blend(self) -> str:
        """Input over output of a blended token, in words."""
        work = served(self.site, self.assumptions)
        if work.isl >= work.osl:
            return f"{work.isl / work.osl:.3g} : 1 input to output"
        return f"1 : {work.osl / work.isl:.3g} input to output"

    def terms(self) -> str:
        """What a cost per token is one of: its blend, the finance mode, whose PUE."""
        mode = MODE_WORDS[self.site.finance.mode]
        return f"blended {self.blend()}, {mode}, PUE {self.basis.pue:.3f} {self.basis.pue_words}"

    def frontiers(self) -> dict[str, Frontier]:
        """The frontier of every kind of GPU that has one for this workload."""
        work, measured = served(self.site, self.assumptions), measurements(self.assumptions)
        found = {fleet.gpu: frontier(work.on(fleet.gpu), measured) for fleet in self.basis.fleets}
        return {gpu: best for gpu, best in found.items() if best is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a case comes to."""

    case: Case
    compute: ComputeResult
    economics: Economics

    @property
    def usd_per_mtok(self) -> float | None:
        """Cost per million tokens, blended over all tokens sold. [USD/Mtok]"""
        return self.economics.figure("cost.usd_per_mtok")

    def classes(self) -> Mapping[str, float]:
        """Cost per million tokens of every class, by the name of the class. [USD/Mtok]

        Notes
        -----
        Definition. Blended and output-only charge the same money to different tokens; by
        time and by price split it between the classes.
        """
        blended = self.usd_per_mtok
        output = self.economics.figure("cost.usd_per_mtok_output")
        if blended is None or output is None:
            return {}
        work = served(self.case.site, self.case.assumptions)
        request = blended * (work.isl + work.osl) / 1e6
        share = self.prefill_share()
        by_time = split_by_time(
            request,
            work.isl,
            work.osl,
            share,
            prefix_hit=work.prefix_hit,
            cached_over_fresh=self.case.assumptions.value("ops.cache_hit_cost_ratio"),
        )
        by_price = split_by_price(request, work.isl, work.osl, PRICE_RATIO)
        return {
            "blended": blended,
            "output_only": output,
            "fresh_input_by_time": by_time[0],
            "cached_input_by_time": by_time[1],
            "output_by_time": by_time[2],
            "input_by_price": by_price[0],
            "output_by_price": by_price[1],
        }

    def prefill_share(self) -> float:
        """Share of the GPU-time that reading the input takes, by the roofline. [1]"""
        work = served(self.case.site, self.case.assumptions)
        total, reading = 0.0, 0.0
        for group in self.compute.groups:
            if group.tok_s_per_gpu is None:
                continue
            weight = group.gpus * group.tok_s_per_gpu
            total += weight
            reading += weight * _share(work.on(group.gpu), work.tok_s_user)
        return reading / total if total > 0.0 else 0.0


PRICE_RATIO = 3.0
# Output over input in usual price lists; the NVIDIA NIM sheet uses it.


@lru_cache(maxsize=256)
def _share(serving: Serving, tok_s_user: float) -> float:
    system = gpu_systems().get(serving.gpu)
    if system is None:
        raise OutOfRange(f"There is no table of {serving.gpu}.", gpu=serving.gpu)
    return prefill_time_share(
        model_named(serving.model),
        system,
        serving.precision,
        isl=serving.isl,
        osl=serving.osl,
        prefix_hit=serving.prefix_hit,
        tok_s_user=tok_s_user,
    )
