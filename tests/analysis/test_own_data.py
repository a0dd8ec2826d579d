"""An organisation's own figures and the shipped tables, as a signed-in person meets them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from analysis.models import OwnTable
from analysis.own_data import OwnDataInvalid, own_data, read_rows, template
from analysis.selectors import result_key
from layouts.models import Design

pytestmark = pytest.mark.django_db


@pytest.fixture
def computed(design, editor, client_of, work_off):
    """A browser with the economics of the pod computed."""
    browser = client_of(editor)
    browser.post(reverse("run-economics", args=[design.pk]))
    work_off()
    return browser


def api(browser, design):
    return browser.get(f"/api/designs/{design.pk}/economics").json()


LINES = b"line,value,source,low,high,notes\nop.elec,0.2,contract,0.19,0.21,\n"


def upload(browser, organisation, kind, content):
    return browser.post(
        reverse("import-data", args=[organisation.pk, kind]),
        {"file": SimpleUploadedFile("own.csv", content, "text/csv")},
    )


def test_own_lines_stand_over_the_shipped_ones_until_removed(
    computed, design, organisation, work_off
):
    before = api(computed, design)["figures"]["op.it_maint_frac"]["value"]
    old_key = result_key(design, design.head, "economics")

    own = b"line,value,source\nop.it_maint_frac,0.045,service contract\n"
    answer = upload(computed, organisation, "lines", own)
    new_key = result_key(Design.objects.get(pk=design.pk), design.head, "economics")
    computed.post(reverse("run-economics", args=[design.pk]))
    work_off()
    after = api(computed, design)["figures"]["op.it_maint_frac"]["value"]
    computed.post(reverse("remove-data", args=[organisation.pk, "lines"]))

    assert answer.status_code == 302 and old_key != new_key
    assert (before, after) == (0.02, 0.045)
    assert result_key(Design.objects.get(pk=design.pk), design.head, "economics") == old_key


def test_a_bad_file_changes_nothing_and_names_its_lines(computed, organisation):
    bad = b"line,value,source\nop.elec,cheap,contract\nop.nothing,1,x\nop.water,2,\nop.elec,1,y\n"
    answer = upload(computed, organisation, "lines", bad)
    text = answer.content.decode()

    assert answer.status_code == 422 and not OwnTable.objects.exists()
    for words in (
        "line 2: value must be a number",
        "line 3: there is no assumption line",
        "line 4: the source is missing",
        "line 5: &#x27;op.elec&#x27; stands on line 2 already",
    ):
        assert words in text  # fmt: skip


def test_a_comma_for_decimals_says_what_to_write(computed, organisation):
    text = upload(computed, organisation, "lines", b"line;value;source\nop.elec;0,07;x\n")

    assert "line 2: value must be a number, with a point for decimals" in text.content.decode()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a" * 9_000_000, b'line,value,source\n"open', b"x" * 50_000],
)
def test_what_is_no_table_is_refused_in_words(computed, organisation, content):
    answer = upload(computed, organisation, "lines", content)

    assert answer.status_code in (302, 422) and not OwnTable.objects.exists()


def test_viewers_import_nothing(organisation, client_of):
    from tests import factories

    viewer = factories.member(organisation, "viewer")

    assert upload(client_of(viewer), organisation, "lines", LINES).status_code == 403
    assert not OwnTable.objects.exists()


def test_own_points_override_the_configuration_that_they_measure():
    header = template("points").splitlines()[0]
    rows = read_rows("points", [header.split(","), template("points").splitlines()[1].split(",")])
    found = own_data({"points": rows})

    assert found.points[0].tok_s_per_gpu == 15_000 and found.points[0].provenance == "own"
    with pytest.raises(OwnDataInvalid) as refused:
        read_rows("points", [header.split(","), ["x"] * len(header.split(","))])
    assert {problem["path"] for problem in refused.value.context["errors"]} == {"line 2"}
    with pytest.raises(OwnDataInvalid):
        read_rows("lines", [["line", "price"], ["op.elec", "1"]])


# Data pages


def test_every_table_can_be_read_and_reconstructed_points_left_out(client_of, editor):
    browser = client_of(editor)
    listing = browser.get(reverse("data-tables")).content.decode()

    for name in ("benchmark-points", "cost-lines", "sites", "models", "gpu-systems", "hardware"):
        assert reverse("data-table", args=[name]) in listing
        assert browser.get(reverse("data-table", args=[name])).status_code == 200
    points = reverse("data-table", args=["benchmark-points"])
    assert "9487 of 9487" in browser.get(points).content.decode()
    direct = browser.get(f"{points}?points=direct").content.decode()
    assert "2848 of 9487" in direct and ">reconstructed</span>" not in direct
    assert browser.get(f"{points}?q=vr200&page=99999").status_code == 200
    assert browser.get(reverse("data-table", args=["nothing"])).status_code == 404
