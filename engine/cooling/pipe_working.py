"""How the figures of pipes, pumps and CDUs came about."""

from engine.assumptions import Assumptions
from engine.cooling.loop_flows import LoopFlows
from engine.evaluation import Working
from engine.plant import Plant
from engine.provenance import cited, computed, stated

TODINI = 'E. Todini and S. Pilati, "A gradient algorithm for the analysis of pipe networks", 1988'
KAYS = 'W. M. Kays and A. L. London, "Compact Heat Exchangers", 3rd ed., ch. 2'
WHITE = 'F. M. White, "Fluid Mechanics", 8th ed., sec. 6.4; C. F. Colebrook, 1939'
KARASSIK = 'I. J. Karassik et al., "Pump Handbook", 4th ed., sec. 2.3'

SIZES = (
    "pipes.velocity_max_dn50_m_s",
    "pipes.velocity_max_dn100_m_s",
    "pipes.velocity_max_dn200_m_s",
    "pipes.velocity_max_above_m_s",
    "pipes.gradient_max_pa_m",
)
LOSSES = (
    "pipes.roughness_mm",
    "pipes.k_elbow",
    "pipes.k_tee_through",
    "pipes.k_tee_branch",
    "pipes.k_valve",
    "tcs.rack_dp_kpa",
    "tcs.rack_dp_exponent",
    "tcs.picv_dp_min_kpa",
)
LENGTHS = ("tcs.rack_hose_m", "tcs.row_offset_m", "tcs.branch_reach_m", "tcs.pipe_join_m")
PUMPS = ("tcs.pump_shutoff_ratio", "cooling.tcs_head_kpa", "cdu.design_return_rise_k")
CDUS = (
    "cdu.ua_exponent",
    "cdu.ua_share_tcs",
    "cdu.fouling_factor",
    "cooling.fws_rise_k",
    "cooling.room_dew_point_c",
    "cooling.dew_point_margin_k",
)


def pipe_working(
    plant: Plant, flows: LoopFlows, assumptions: Assumptions, asked_lpm: float
) -> tuple[Working, ...]:
    """Working of the hydraulic figures, for the result's provenance.

    Parameters
    ----------
    plant : Plant
        Set-points.
    flows : LoopFlows
        Pipes, pumps and CDUs.
    assumptions : Assumptions
        Lines that were used.
    asked_lpm : float
        Flow that all racks ask for. [L/min]

    Returns
    -------
    tuple of Working
        One per group of figures.

    Notes
    -----
    Definition.
    """
    site = plant.site
    switches = cited(assumptions, "tcs.reverse_return", "tcs.control_valves")
    asked = computed("cooling.flow_lpm", asked_lpm, "L/min")
    length = sum(loop.pipe_m for loop in flows.loops if loop is not None)
    laid = computed("headers and branches", length, "m")
    cdus = Working(
        figure="cooling.cdus.limit_kw",
        formula_id="cdu-capacity",
        formula="min(e Cmin a / (1 - e Cmin/Cs), pump flow, valve, facility water)",
        function="engine.cooling.cdus.cdu_states",
        reference=KAYS,
        inputs=(
            stated("tcs_supply_c", site.tcs_supply_c, "°C"),
            stated("fws_supply_c", site.fws_supply_c, "°C"),
            *cited(assumptions, *CDUS),
        ),
    )
    if not length:
        return (cdus,)
    sized = Working(
        figure="cooling.runs.bore_mm",
        formula_id="pipe-size",
        formula="least bore with v = 4 Q/(pi D^2) and f/D rho v^2/2 within limits, or its own",
        function="engine.hydraulics.sizing.smallest_bores",
        reference=WHITE,
        inputs=(asked, *cited(assumptions, *SIZES, "pipes.roughness_mm")),
    )
    return (
        cdus,
        Working(
            figure="cooling.pipes.pipe_m",
            formula_id="pipe-length",
            formula="along drawn pipes, else the rows from a CDU, both ways, and each rack's hose",
            function="engine.cooling.pipework.headers_of",
            reference="Definition",
            inputs=cited(assumptions, *LENGTHS),
        ),
        *((sized,) if flows.pipes.headers.is_drawn.any() else ()),
        Working(
            figure="cooling.pipes.required_kpa",
            formula_id="loop-head",
            formula="max over racks of headers f L/D + K, branch, rack (q/q0)^n and valve",
            function="engine.cooling.pipework.lay_pipes",
            reference=WHITE,
            inputs=(asked, laid, *switches, *cited(assumptions, *SIZES, *LOSSES)),
        ),
        Working(
            figure="cooling.pipes.available_kpa",
            formula_id="pump-head",
            formula="rated head (r - (r - 1) (Q/Q0)^2) at full speed",
            function="engine.cooling.distribution.available_head_pa",
            reference=KARASSIK,
            inputs=(asked, *cited(assumptions, *PUMPS)),
        ),
        Working(
            figure="cooling.pipes.worst_deficit_fraction",
            formula_id="loop-flow",
            formula="valves hold each flow while the head suffices, else A^T G^-1 A H = b",
            function="engine.cooling.distribution.distribute",
            reference=TODINI,
            inputs=(asked, *switches, *cited(assumptions, "tcs.deficit_warn_fraction")),
        ),
        Working(
            figure="cooling.cdus.pump_head_kpa",
            formula_id="pump-duty",
            formula="the head asked for, at least the static share of the rated head",
            function="engine.cooling.distribution.distribute",
            reference=KARASSIK,
            inputs=cited(assumptions, "cooling.pump_static_share", "cooling.pump_efficiency"),
        ),
    )
