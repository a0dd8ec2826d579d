"""What the economics view may change of a case: named settings with their limits."""

from dataclasses import dataclass
from typing import Final

from engine.cost.terms import MODE_WORDS

CLASSES: Final = {
    "blended": "Blended",
    "output_only": "Output",
    "split": "Split",
}
MODES: Final = MODE_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One number that the view may change: where it goes and what it may be."""

    name: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    group: str
    target: str  # "workload.<field>", "utilisation.<field>", "finance.<field>" or a line
    cell: str  # where the sheet shows the value in use


SETTINGS: Final = (
    Setting(name="u", label="Interactivity", unit="tok/s/user", low=1, high=2000, step=1,
            group="Workload", target="workload.interactivity_tok_s_user", cell=""),
    Setting(name="isl", label="Input", unit="tokens", low=1, high=1_000_000, step=1,
            group="Workload", target="workload.isl", cell="workload.isl.used"),
    Setting(name="osl", label="Output", unit="tokens", low=1, high=1_000_000, step=1,
            group="Workload", target="workload.osl", cell="workload.osl.used"),
    Setting(name="hit", label="Prefix hit", unit="of input", low=0, high=0.97, step=0.01,
            group="Workload", target="workload.prefix_hit_fraction", cell=""),
    Setting(name="lf", label="Load factor", unit="of peak", low=0.01, high=1, step=0.01,
            group="Workload", target="utilisation.load_factor_fraction", cell="use.load_factor"),
    Setting(name="slo", label="SLO share", unit="at peak", low=0.01, high=1, step=0.01,
            group="Workload", target="utilisation.slo_fraction", cell="use.slo"),
    Setting(name="derate", label="Derate in use", unit="×", low=0.01, high=1, step=0.01,
            group="Workload", target="utilisation.derate_fraction", cell="use.derate"),
    Setting(name="elec", label="Electricity", unit="USD/kWh", low=0, high=2, step=0.001,
            group="Site", target="op.elec", cell="price.electricity"),
    Setting(name="build", label="Build cost", unit="USD/W IT", low=0.1, high=100, step=0.1,
            group="Site", target="fac.build_usd_per_w_it", cell="price.build"),
    Setting(name="carbon", label="Carbon price", unit="USD/t", low=0, high=2000, step=1,
            group="Site", target="op.carbon_price", cell="op.carbon_price"),
    Setting(name="rack", label="Rack price", unit="M USD", low=0, high=1000, step=0.01,
            group="Finance", target="rack_price", cell=""),
    Setting(name="wacc", label="Cost of capital", unit="1/yr", low=0, high=0.5, step=0.001,
            group="Finance", target="finance.wacc_fraction", cell="term.rate"),
    Setting(name="life", label="IT life", unit="yr", low=1, high=30, step=0.5,
            group="Finance", target="finance.it_life_years", cell="term.it_life"),
    Setting(name="flife", label="Facility life", unit="yr", low=1, high=60, step=1,
            group="Finance", target="finance.facility_life_years", cell="term.facility_life"),
    Setting(name="avail", label="Availability", unit="GPU-h", low=0.01, high=1, step=0.001,
            group="Finance", target="utilisation.availability_fraction", cell="use.availability"),
    Setting(name="good", label="Goodput", unit="of work", low=0.01, high=1, step=0.001,
            group="Finance", target="utilisation.goodput_fraction", cell="use.goodput"),
)  # fmt: skip
BY_NAME: Final = {setting.name: setting for setting in SETTINGS}
