"""The pod of the analysis tests, and a browser with its economics computed."""

import pytest
from django.urls import reverse

from tests.analysis import conftest as analysis

project = analysis.project
design = analysis.design
work_off = analysis.work_off


@pytest.fixture
def computed(design, editor, client_of, work_off):
    """A browser with the economics of the pod computed."""
    browser = client_of(editor)
    browser.post(reverse("run-economics", args=[design.pk]))
    work_off()
    return browser
