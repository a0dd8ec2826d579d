"""The one big number: its class and blend at the number, and why it is not the middle."""

import re

import pytest
from django.urls import reverse

from analysis.site_settings import set_site_group, site_group
from layouts.models import Design

pytestmark = pytest.mark.django_db


def page(browser, design, query=""):
    return browser.get(reverse("economics", args=[design.pk]) + query).content.decode()


def hero(text):
    return re.sub(r"<[^>]+>", " ", text[text.index("eco-hero") : text.index("eco-range")])


def money_of(text, name):
    return float(re.search(rf"<dt>{name}</dt><dd>\$([0-9.]+)", text)[1])


def test_the_blend_stands_at_the_number(computed, design):
    for query, words in (
        ("?isl=8192&osl=1024", "blended 8 : 1 input to output"),
        ("?isl=1024&osl=8192", "blended 1 : 8 input to output"),
        ("?class=output_only", "all cost on the output"),
        ("?class=split&isl=1024&osl=1024", "blended 1 : 1 input to output"),
    ):
        assert words in hero(page(computed, design, query)), query


@pytest.mark.parametrize("mode", ["straight_line", "annuity", "levelised"])
def test_a_nominal_below_the_middle_says_why(computed, design, mode):
    text = page(computed, design, f"?mode={mode}")
    nominal = float(re.search(r"eco-big\"><b>\$([0-9.]+)", text)[1])

    says = re.search(r"The nominal lies below P50, which is (\d+)% higher[^<]*most of all", text)
    assert (says is not None) == (money_of(text, "P50") > 1.01 * nominal)
    if says is not None:
        assert float(says[1]) == pytest.approx(100 * (money_of(text, "P50") / nominal - 1), abs=1.5)


def test_electricity_stands_among_what_moves_it_also_with_an_own_tariff(
    computed, design, editor, work_off
):
    value = {**site_group(design, "assumptions"), "op.elec": 0.12}
    set_site_group(
        author=editor, design=Design.objects.get(pk=design.pk), group="assumptions", value=value,
        label="Set",
    )  # fmt: skip
    computed.post(reverse("run-economics", args=[design.pk]))
    work_off()
    text = page(computed, design)
    swings = computed.get(f"/api/designs/{design.pk}/economics/tornado").json()["levers"]
    tariff = next(each for each in swings if each["id"] == "electricity")
    chart = text[text.index('id="chart-tornado"') :].split("</script>")[0]

    assert tariff["low"] < tariff["high"]
    assert "Electricity" in chart and "Electricity" in text[text.index('data-swap="swings"') :]
    assert '<option value="electricity">Electricity</option>' in text
