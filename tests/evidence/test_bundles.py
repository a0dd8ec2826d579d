"""An audit bundle holds what was decided, and gives the same bytes when it is worked out again."""

import io
import json
import uuid
import zipfile
from datetime import date

import pytest
from django.core.management import call_command

from analysis.models import OwnTable
from audit.models import Event
from catalog.selectors import shipped_products
from evidence import bundle, services
from evidence.errors import BundleInvalid
from layouts import services as layouts
from layouts.branches import freeze
from reviews.threads import open_thread
from tests.layouts.drawing import create, rack

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(organisation, editor):
    project = layouts.create_project(organisation=organisation, name="Site")
    return layouts.create_sample(project=project, sample="pod", author=editor, name="Hall")


@pytest.fixture
def written(design, editor):
    return services.write_bundle(actor=editor, design=design, number=1)


def changed(content: bytes, name: str, edit) -> bytes:
    """The archive with one part edited, and its manifest made to fit if another part is."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    parts[name] = edit(parts[name])
    manifest = json.loads(parts.pop(bundle.MANIFEST))
    return bundle.archive(manifest, parts)


def check(path, content: bytes, capsys) -> tuple[int, str]:
    path.write_bytes(content)
    try:
        call_command("verify_bundle", str(path))
    except SystemExit as stopped:
        return int(stopped.code), capsys.readouterr().err
    return 0, capsys.readouterr().out


def test_a_bundle_gives_the_same_bytes_again(written, tmp_path, capsys):
    code, said = check(tmp_path / "b.zip", written, capsys)

    assert code == 0, said
    assert "same bytes" in said


def test_a_bundle_names_what_it_was_made_with(written, design):
    manifest = bundle.opened(written).manifest

    assert manifest["revision"] == 1
    assert manifest["state_hash"] == design.head_hash
    assert manifest["rules"] == {"set": "us-nec", "version": "1"}
    assert {"engine", "model", "python", "numpy"} <= manifest["software"].keys()


def test_a_bundle_holds_versions_comments_and_its_trail(design, editor):
    freeze(design=design, number=1, name="For approval", author=editor)
    open_thread(actor=editor, design=design, anchor={"type": "point"}, text="Is this wide enough?")
    content = services.write_bundle(actor=editor, design=design, number=1)
    content = services.write_bundle(actor=editor, design=design, number=1)

    found = bundle.opened(content)

    assert [each["name"] for each in found.manifest["versions"]] == ["For approval"]
    comments = json.loads(found.parts[bundle.COMMENTS])
    assert comments[0]["comments"][0]["text"] == "Is this wide enough?"
    rows = [json.loads(line) for line in found.parts[bundle.TRAIL].decode().splitlines()]
    assert "bundle.export" in [json.loads(row["content"])["action"] for row in rows]


def test_a_bundle_carries_the_organisations_own_tables(design, editor, tmp_path, capsys):
    rows = [{"line": "op.elec", "value": "123.45", "source": "Own contract"}]
    without = bundle.opened(services.write_bundle(actor=editor, design=design, number=1))
    OwnTable.objects.create(
        organisation=design.project.organisation,
        kind="lines",
        file_name="own.csv",
        rows=rows,
        digest="0" * 64,
        imported_at=design.created_at,
    )
    content = services.write_bundle(actor=editor, design=design, number=1)

    found = bundle.opened(content)
    assert json.loads(found.parts[bundle.TABLES]) == {"lines": rows}
    assert found.parts[bundle.EVALUATION] != without.parts[bundle.EVALUATION]
    assert check(tmp_path / "b.zip", content, capsys)[0] == 0


@pytest.mark.parametrize("part", bundle.PARTS)
def test_a_part_that_was_changed_is_named(written, part, tmp_path, capsys):
    with zipfile.ZipFile(io.BytesIO(written)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    parts[part] += b" "
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)

    code, said = check(tmp_path / "b.zip", out.getvalue(), capsys)

    assert code == 2
    assert part in json.loads(said)["errors"]


def test_another_figure_is_found_even_with_a_fitting_manifest(written, tmp_path, capsys):
    content = changed(
        written, bundle.EVALUATION, lambda text: text.replace(b'"it_kw":1', b'"it_kw":2', 1)
    )

    code, said = check(tmp_path / "b.zip", content, capsys)

    assert code == 1
    assert "other bytes" in said


def test_another_design_is_found_even_with_a_fitting_manifest(written, tmp_path, capsys):
    def moved(text: bytes) -> bytes:
        design = json.loads(text)
        placed = next(each for each in design["elements"] if "placement" in each)
        placed["placement"]["x_mm"] += 600
        return json.dumps(design).encode()

    code, said = check(tmp_path / "b.zip", changed(written, bundle.DESIGN, moved), capsys)

    assert code == 1
    assert "has the state" in said


@pytest.mark.parametrize("junk", [b"", b"PK", b"not a zip at all", b"PK\x03\x04" + b"x" * 200])
def test_junk_is_no_bundle(junk):
    with pytest.raises(BundleInvalid):
        bundle.opened(junk)


def test_a_part_that_swells_is_refused(monkeypatch, written):
    monkeypatch.setattr(bundle, "MAX_PART_BYTES", 100)

    with pytest.raises(BundleInvalid, match="too large"):
        bundle.opened(written)


def test_taking_a_bundle_away_is_on_the_trail(design, viewer, client_of):
    answer = client_of(viewer).get(f"/designs/{design.pk}/revisions/1/audit.zip")

    assert answer.status_code == 200
    assert bundle.opened(answer.content).manifest["written_for"] == viewer.username
    event = Event.objects.latest("number")
    assert (event.action, event.details) == ("bundle.export", {"revision": 1})


def test_a_later_revision_does_not_change_an_earlier_bundle(design, editor):
    before = bundle.opened(services.write_bundle(actor=editor, design=design, number=1))
    layouts.append_edits(
        design=design, base=1, edits=[create(rack(77))], author=editor, request_id=uuid.uuid4()
    )
    design.refresh_from_db()
    after = bundle.opened(services.write_bundle(actor=editor, design=design, number=1))

    for part in (bundle.DESIGN, bundle.EVALUATION, bundle.TABLES):
        assert before.parts[part] == after.parts[part]
    text, _ = bundle.evaluated(
        json.loads(after.parts[bundle.DESIGN]),
        {},
        date.fromisoformat(after.manifest["as_of"]),
        shipped_products(),
    )
    assert text == after.parts[bundle.EVALUATION]
