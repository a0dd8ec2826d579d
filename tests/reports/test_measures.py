"""How the numbers of a finding are printed."""

import pytest

from reports.formats.pdf import measure


@pytest.mark.parametrize(
    ("measured", "required", "unit", "printed"),
    [
        (0, 1, "sources", ("0 sources", "1 source")),
        (84.3, 80, "%", ("84.30 %", "80.00 %")),
        (1066.6, 1067, "mm", ("1\u202f067 mm", "1\u202f067 mm")),
        (None, 1.5, "kPa", ("–", "1.500 kPa")),
    ],
)
def test_counts_have_no_decimals(measured, required, unit, printed):
    finding = {"measured": measured, "required": required, "unit": unit}

    assert (measure(finding, "measured"), measure(finding, "required")) == printed
