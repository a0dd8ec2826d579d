"""Weather files of organisations: kept once, seen by members, removed by editors."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Event
from tests import factories
from tests.weather.files import epw
from weather.errors import WeatherNotFound
from weather.models import WeatherFile
from weather.selectors import choices_for, year_named
from weather.services import remove, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return factories.organisation("Home")


@pytest.fixture
def editor(organisation):
    return factories.member(organisation, "editor")


def uploaded(editor, organisation, content=None):
    return upload(
        actor=editor, organisation=organisation, file_name="t.epw", content=content or epw()
    )


def test_an_uploaded_year_comes_back_as_it_was(editor, organisation):
    row = uploaded(editor, organisation)

    year = year_named(organisation.pk, row.digest)

    assert year.digest == row.digest
    assert (year.name, len(year)) == ("Testville, TST", 8760)
    assert Event.objects.filter(action="weather.upload").count() == 1


def test_equal_hours_are_kept_once(editor, organisation):
    assert uploaded(editor, organisation).pk == uploaded(editor, organisation).pk
    assert WeatherFile.objects.count() == 1


def test_another_organisation_has_its_own(editor, organisation):
    row = uploaded(editor, organisation)
    other = factories.organisation("Abroad")

    with pytest.raises(WeatherNotFound):
        year_named(other.pk, row.digest)
    assert row.digest not in {choice.id for choice in choices_for(other)}


def test_removed_weather_is_missed_by_name(editor, organisation):
    row = uploaded(editor, organisation)
    remove(actor=editor, file=row)

    with pytest.raises(WeatherNotFound, match="Upload the file again"):
        year_named(organisation.pk, row.digest)


def test_the_page_takes_a_file_and_lists_it(editor, organisation):
    client = factories.client_of(editor)
    address = f"/organisations/{organisation.pk}/weather/"

    done = client.post(address, {"file": SimpleUploadedFile("t.epw", epw())}, follow=True)

    assert "Testville, TST was read: 8,760 hours." in done.content.decode()
    assert "t.epw" in done.content.decode()


def test_the_page_names_wrong_lines_and_missing_hours(editor, organisation):
    client = factories.client_of(editor)
    address = f"/organisations/{organisation.pk}/weather/"

    wrong = client.post(
        address, {"file": SimpleUploadedFile("t.epw", epw(change={10: ("abc", "5", "1")}))}
    )
    short = client.post(
        address, {"file": SimpleUploadedFile("t.epw", epw(without=range(24 * 70, 24 * 77)))}
    )
    none = client.post(address, {})

    assert wrong.status_code == short.status_code == none.status_code == 422
    assert "Line 19: the dry bulb &#x27;abc&#x27; is not a number" in wrong.content.decode()
    assert "12 March 00:00 to 18 March 23:00" in short.content.decode()
    assert WeatherFile.objects.count() == 0


def test_the_api_takes_lists_and_removes_a_file(editor, organisation):
    client = factories.client_of(editor)

    made = client.post(
        f"/api/organisations/{organisation.pk}/weather",
        {"file": SimpleUploadedFile("t.epw", epw())},
    )
    listed = client.get("/api/weather").json()
    gone = client.delete(f"/api/weather/{made.json()['id']}")

    assert made.status_code == 201
    assert made.json()["hours"] == 8760
    assert [each["id"] for each in listed] == [made.json()["id"]]
    assert gone.status_code == 204
    assert WeatherFile.objects.count() == 0
