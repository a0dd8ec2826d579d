"""The pages of power, cooling and availability, from empty to full."""

import re

import pytest
from django.urls import reverse

from analysis.availability_view import lasting, seldom, written

PAGES = {
    "power": ("Redundancy by level", "busway", "as drawn", "UPS batteries", "Load flow"),
    "cooling": ("Pumps against the loop", "One CDU lost", "Chillers kW", "Coolant", "Kv"),
    "availability": ("cut sets by contribution", "common cause", "Units with spares", "Goodput"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES)
def test_a_page_starts_empty_and_fills(design, editor, client_of, work_off, route):
    browser = client_of(editor)
    address = reverse(route, args=[design.pk])
    assert "Nothing worked out yet." in browser.get(address).content.decode()

    browser.post(reverse(f"run-{route}", args=[design.pk]))
    work_off()

    page = browser.get(address).content.decode()
    for words in PAGES[route]:
        assert words.lower() in page.lower()
    assert re.search(r"\bnan\b|None|\binf\b", re.sub(r"<[^>]+>", " ", page)) is None


def test_shares_of_time_keep_their_digits():
    assert written(0.99996) == "99.9960"
    assert written(1.0) == "100"
    assert lasting(0.5) == "30.0 min" and lasting(2.0) == "2.00 h"
    assert lasting(1e-8) == "under 0.1 s" and lasting(0.0) == "0 s"
    assert seldom(0.01) == "once in 100 years" and seldom(0.0) == "–"
