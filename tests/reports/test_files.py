"""Files people take away, against what the screen and the engine say."""

import csv
import io
import json
import re
import uuid

import pypdf
import pytest

from analysis import selectors as analysis
from analysis.figures import BY_PATH, GROUPS, significant
from analysis.models import State
from layouts import services as layouts
from layouts.selectors import document_at
from reports import selectors, services, tasks
from reports.formats.pdf import KEY_FIGURES
from reports.formats.tables import FORMULA_STARTS, safe
from reports.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def pod(project, editor):
    return layouts.create_sample(project=project, sample="pod", author=editor)


@pytest.fixture
def hall(project, editor):
    return layouts.create_sample(project=project, sample="hall", author=editor)


def written(design, editor, format_="pdf", sheet="A3") -> Report:
    report = services.request_report(
        actor=editor, design=design, revision=design.head, format_=format_, sheet=sheet
    )
    tasks.write_report(str(report.pk))
    report.refresh_from_db()
    assert report.state == State.DONE, report.error
    return report


def pages(report) -> list[str]:
    reader = pypdf.PdfReader(selectors.file_of(report))
    return [page.extract_text() for page in reader.pages]


def rows(report) -> list[dict[str, str]]:
    text = selectors.file_of(report).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_pdf_says_what_the_evaluation_says(pod, editor):
    report = written(pod, editor)
    result = analysis.result_of(report.evaluation)

    # A long label takes two lines.
    cover, results = pages(report)[0], re.sub("[ \n]+", " ", "".join(pages(report)[2:4]))

    for path in (*KEY_FIGURES, "cost.usd_per_mtok"):
        assert BY_PATH[path].text(BY_PATH[path].of(result)) in cover, path
    terms = result["cost"]["terms"]
    assert "input to output, annuity, PUE" in terms
    assert " ".join(terms[1:].split()) in " ".join(cover.split())
    for group in GROUPS:
        for figure in group.figures:
            assert figure.label in results
            assert figure.text(figure.of(result)) in results, figure.path


def test_the_pdf_lists_the_assumptions_that_took_part(pod, editor):
    text = "".join(pages(written(pod, editor)))
    listed = text[text.index("Assumptions and sources") : text.index("Equipment figures and")]

    assert "fin.wacc_hyperscaler" in listed
    assert "rejection.tower_evaporation_fraction" not in listed, "the pod has dry coolers"
    assert re.search(r"\d+ other lines took no part", listed)


def test_every_page_names_what_it_is_about(pod, editor):
    report = written(pod, editor)

    for number, text in enumerate(pages(report), start=1):
        assert "Not for construction" in text, number
        assert pod.name in text
        assert pod.head_hash[:12] in text


@pytest.mark.parametrize(
    ("sheet", "size_mm", "scales"),
    [("A3", (420, 297), ["1:500", "1:200"]), ("A1", (841, 594), ["1:100", "1:50"])],
)
def test_sheets_are_true_to_scale(hall, editor, sheet, size_mm, scales):
    reader = pypdf.PdfReader(selectors.file_of(written(hall, editor, sheet=sheet)))

    for page, scale in zip(reader.pages[1:3], scales, strict=True):
        text = page.extract_text()
        box = page.mediabox
        assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == size_mm
        assert scale in text
        for words in ("Legal owner", "Identification number", "Date of issue", "S0", hall.name):
            assert words in text
    assert "H1-SU7" in reader.pages[2].extract_text()
    assert ("R1-01" in reader.pages[2].extract_text()) == (sheet == "A1")


def test_equal_orders_give_equal_bytes_and_one_file(pod, editor, data_dir):
    first = written(pod, editor)
    content = selectors.file_of(first).read_bytes()
    selectors.file_of(first).unlink()
    Report.objects.all().delete()

    second = written(pod, editor)

    assert second.key == first.key
    assert selectors.file_of(second).read_bytes() == content


def test_markup_in_names_stays_text(project, editor):
    name = '#strong[x] *b* $x$ <a> "q" \\ @ref `raw`'
    design = layouts.create_sample(project=project, sample="pod", author=editor, name=name)

    cover = pages(written(design, editor))[0]

    assert name in cover.replace("\n", " ")


def test_the_rack_list_says_where_each_rack_stands(pod, editor):
    text = "".join(pages(written(pod, editor)))

    assert re.search(r"R01-07 .* 7\s200 3\s600 NVIDIA GB300 NVL72", text)


def test_the_pdf_is_tagged_and_titled(pod, editor):
    reader = pypdf.PdfReader(selectors.file_of(written(pod, editor)))

    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == f"{pod.name}, revision {pod.head}"
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    assert titles[:3] == [pod.name, "Plan: General arrangement", "Results"]
    assert {"Economics", "Findings"} <= set(titles)


def test_an_empty_design_reports_too(project, editor):
    design = layouts.create_design(project=project, name="Nothing yet", author=editor)

    text = "".join(pages(written(design, editor)))

    assert "Nothing yet" in text
    assert "No throughput yet" in text


def test_the_rack_list_names_every_place(hall, editor):
    report = written(hall, editor, "csv-racks")

    racks = rows(report)

    assert len(racks) == 128
    first = next(rack for rack in racks if rack["tag"] == "H1-SU1-R1-01")
    assert (first["row"], first["position"], first["hall"]) == ("H1-SU1-R1", "1", "Hall 1")
    assert first["tile"]
    assert len({(rack["row"], rack["position"]) for rack in racks}) == 128
    result = analysis.result_of(report.evaluation)
    assert sum(float(rack["it_kw"]) for rack in racks) == pytest.approx(result["power"]["it_kw"])


def test_the_bill_of_materials_counts_everything(hall, editor):
    report = written(hall, editor, "csv-bom")

    lines = rows(report)

    racks = next(line for line in lines if line["description"] == "Rack")
    assert racks["quantity"] == "128"
    assert float(racks["total_mass_kg"]) == 128 * float(racks["mass_kg"])
    assert [int(line["item"]) for line in lines] == list(range(1, len(lines) + 1))
    assert all(line["source"] for line in lines)


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(pod, editor, start):
    rack = document_at(pod, pod.head).of_kind("rack")[0]["id"]
    tag = f"{start}cmd|' /C calc'!A0"
    layouts.append_edits(
        design=pod,
        base=pod.head,
        edits=[{"type": "set", "id": rack, "group": "identity", "value": {"tag": tag}}],
        author=editor,
        request_id=uuid.uuid4(),
        label="Tag",
    )
    pod.refresh_from_db()

    tags = [row["tag"] for row in rows(written(pod, editor, "csv-racks"))]

    assert any("cmd|" in each for each in tags)
    assert not any(each.startswith(start) for each in tags)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_what_starts_a_formula_is_quoted(start):
    assert safe(f"{start}1+1") == f"'{start}1+1"


def test_numbers_stay_numbers():
    assert safe(-5.0) == -5.0
    assert safe("R01-01") == "R01-01"


def test_the_design_file_comes_back(project, pod, editor):
    content = selectors.file_of(written(pod, editor, "json")).read_bytes()

    copy = layouts.import_design(project=project, content=content, author=editor)

    assert copy.head_hash == pod.head_hash
    assert json.loads(content)["schema"] == "plenum.design/1"


def test_a_cost_that_assumes_plant_says_so_on_the_cover(pod, editor):
    coolers = document_at(pod, pod.head).of_kind("dry_cooler")
    layouts.append_edits(
        design=pod,
        base=pod.head,
        edits=[{"type": "delete", "id": cooler["id"]} for cooler in coolers],
        author=editor,
        request_id=uuid.uuid4(),
    )
    pod.refresh_from_db()

    read = [" ".join(page.split()) for page in pages(written(pod, editor))]

    assert "assumes plant that is not drawn" in read[0]
    findings = next(page for page in read if "COOL-REJECTION" in page)
    assert "Against" in findings
    assert "at least" in findings
    assert "Energy per token sold" in "".join(read)


def test_the_economics_chapter_has_the_streams_and_the_documents_finance(pod, editor):
    site = document_at(pod, pod.head).of_kind("site")[0]["id"]
    groups = {
        "streams": {"chat": {"share_fraction": 0.5}, "simulation": {"share_fraction": 0.1}},
        "finance": {"mode": "levelised"},
    }
    layouts.append_edits(
        design=pod, base=pod.head, author=editor, request_id=uuid.uuid4(), label="Set",
        edits=[{"type": "set", "id": site, "group": g, "value": v} for g, v in groups.items()],
    )  # fmt: skip
    pod.refresh_from_db()

    report = written(pod, editor)
    text = " ".join("".join(pages(report)).split())
    lived = analysis.result_of(report.evaluation)["cost"]["usd_per_mtok"]

    assert f"${significant(lived, 3)} per million tokens" in text
    for words in (
        "Streams",
        "Chat",
        "draw nothing",
        "Levelised over the life",
        "PUE 1.",
        "Electricity ± 20",
    ):
        assert words in text


def test_a_design_whose_racks_all_starve_has_no_cost_on_the_cover(pod, editor):
    cdus = document_at(pod, pod.head).of_kind("cdu")
    layouts.append_edits(
        design=pod, base=pod.head, author=editor, request_id=uuid.uuid4(), label="Delete",
        edits=[{"type": "delete", "id": cdu["id"]} for cdu in cdus[1:]],
    )  # fmt: skip
    pod.refresh_from_db()

    read = [" ".join(page.split()) for page in pages(written(pod, editor))]

    words = "8 racks lack coolant. As drawn no token is sold. If every rack ran: "
    assert f"– USD per million tokens {words}" in read[0]
    assert words in "".join(read[1:])
