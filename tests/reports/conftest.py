"""A project to report on, and files in a folder of their own."""

import pytest

from layouts import services as layouts


@pytest.fixture
def project(organisation):
    """A project of the organisation."""
    return layouts.create_project(organisation=organisation, name="Johor phase 1")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Reports of one test are not there in the next."""
    settings.DATA_DIR = tmp_path
    return tmp_path
