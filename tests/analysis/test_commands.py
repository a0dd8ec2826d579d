"""The command line: a design file in, figures or findings out, and nothing else needed."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from layouts.samples import sample_file
from layouts.samples.campus import campus
from layouts.samples.hall import hall
from layouts.samples.pod import pod
from tests.analysis.design_files import eight_racks, id_of

ROOT = Path(__file__).parents[2]


def run(command, *args):
    """Exit code, stdout and stderr of a command."""
    out, err = StringIO(), StringIO()
    try:
        call_command(command, *args, stdout=out, stderr=err)
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "design.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return write


def evaluated(path):
    code, out, err = run("evaluate", path)
    assert (code, err) == (0, "")
    return json.loads(out)


def problem_of(path, command="evaluate"):
    code, out, err = run(command, path)
    assert (code, out) == (2, "")
    return json.loads(err)


def test_eight_racks_of_132_kw_stand_losing_a_cdu(write):
    """1,056 kW in all: 920 to liquid and 136 to air; two CDUs left give 1,000 against 920."""
    result = evaluated(write(eight_racks()))

    assert result["power"]["it_kw"] == pytest.approx(1056)
    assert result["cooling"]["liquid_kw"] == pytest.approx(920)
    assert result["cooling"]["air_kw"] == pytest.approx(136)
    (loop,) = result["cooling"]["loops"]
    assert loop["n_plus_1"] is True
    assert loop["lost_one_capacity_kw"] == pytest.approx(1000)


def test_130_kw_of_liquid_in_each_is_too_much_for_two_cdus(write):
    result = evaluated(write(eight_racks(liquid_kw=130)))

    (loop,) = result["cooling"]["loops"]
    assert loop["n_plus_1"] is False
    assert loop["binds"] == "heat"
    named = {id_ for finding in result["findings"] for id_ in finding["element_ids"]}
    assert {id_of(n + 1) for n in range(8)} & named


def test_the_result_has_every_part(write):
    result = evaluated(write(eight_racks()))

    parts = ("space", "power", "cooling", "energy", "compute", "cost", "findings", "provenance")
    assert set(parts) <= set(result)
    assert result["compute"]["gpus"] == 8 * 72
    assert result["energy"]["pue"] > 1
    assert result["cost"]["usd_per_mtok"] > 0


def test_a_file_that_changes_nothing_gives_the_same_bytes(write):
    path = write(eight_racks())

    assert run("evaluate", path) == run("evaluate", path)


@pytest.mark.parametrize(
    ("name", "racks", "it_kw"), [("pod", 8, 1136), ("hall", 128, 18_176), ("campus", 5632, 799_744)]
)
def test_samples_evaluate_without_blocking_findings(name, racks, it_kw):
    code, out, _ = run("evaluate", "--sample", name)
    result = json.loads(out)

    assert code == 0
    assert result["space"]["racks"] == racks
    assert result["power"]["it_kw"] == pytest.approx(it_kw)
    assert 1.05 < result["energy"]["pue"] < 1.25
    assert 0.05 < result["cost"]["usd_per_mtok"] < 0.5
    assert [item for item in result["findings"] if item["severity"] == "blocking"] == []


@pytest.mark.parametrize(("name", "made"), [("pod", pod), ("hall", hall)])
def test_shipped_samples_are_what_their_plans_make(name, made):
    assert sample_file(name) == json.loads(json.dumps(made()))


def test_vera_rubin_in_place_of_gb300_changes_load_flow_and_cost(write):
    before, content = sample_file("hall"), sample_file("hall")
    for element in content["elements"]:
        if element["kind"] == "module_type":
            element["racks"] |= {"product_id": "nvidia-vera-rubin-nvl72", "variant": "maxp"}
    old, new = evaluated(write(before)), evaluated(write(content))

    assert new["power"]["it_kw"] == pytest.approx(128 * 227)
    assert new["cooling"]["air_kw"] == pytest.approx(0)
    assert new["cooling"]["flow_lpm"] > 2 * old["cooling"]["flow_lpm"]
    assert new["cost"]["usd_per_mtok"] != old["cost"]["usd_per_mtok"]
    assert not all(loop["n_plus_1"] for loop in new["cooling"]["loops"])
    assert len(new["findings"]) > len(old["findings"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-refused"),
        (b"{", "file-refused"),
        (b"\xff\xfe\x00", "file-refused"),
        (b"[" * 100_000, "file-refused"),
        (b'{"a": 1, "a": 2}', "file-refused"),
        (b'{"revision": NaN}', "file-refused"),
        (b'{"revision": ' + b"9" * 5000 + b"}", "file-refused"),
        (b"null", "design-invalid"),
        (b"[]", "design-invalid"),
        (b"{}", "design-invalid"),
        (b'{"schema": "plenum.design/1", "name": "x", "elements": 1e999}', "design-invalid"),
    ],
)
def test_a_bad_file_is_one_problem_and_nothing_else(write, content, code):
    problem = problem_of(write(content))

    assert problem["code"] == code
    assert problem["type"] == f"/docs/problems/{code}"
    assert problem["status"] == 422
    assert problem["title"] and problem["detail"]


def test_all_problems_are_listed_with_their_paths(write):
    content = eight_racks()
    content["elements"][1]["placement"]["x_mm"] = "left"
    content["elements"][2]["identity"] = {}
    content["elements"][3]["kind"] = "spaceship"
    content["catalog"] = {"products": {"mine": {"id": "mine", "category": "rack"}}}

    paths = [item["path"] for item in problem_of(write(content))["errors"]]

    assert "elements[1].placement.x_mm" in paths
    assert any(path.startswith("elements[2].identity") for path in paths)
    assert "elements[3].kind" in paths
    assert "catalog.products.mine.maker" in paths


def test_an_unknown_product_is_a_problem_with_its_element(write):
    problem = problem_of(write(eight_racks(product_id="no-such-rack")))

    assert len(problem["errors"]) == 8
    assert problem["errors"][0]["path"] == f"elements[{id_of(1)}].product"


def test_a_record_in_the_file_stands_above_the_shipped_one(write):
    content = sample_file("pod")
    for item in content["catalog"]["products"]["nvidia-gb300-nvl72"]["quantities"]:
        if item["name"] == "sustained_kw":
            item["value"] = 150

    assert evaluated(write(content))["power"]["it_kw"] == pytest.approx(8 * 150)


@pytest.mark.parametrize("path", ["no-such-file.json", ".", "nul\0byte"])
def test_what_is_no_file_is_a_problem(path):
    assert problem_of(path)["code"] == "file-refused"


def test_neither_file_nor_sample_is_a_problem():
    code, out, err = run("evaluate")

    assert (code, out) == (2, "")
    assert json.loads(err)["code"] == "file-refused"


def overlapping():
    content = sample_file("pod")
    racks = [element for element in content["elements"] if element["kind"] == "rack"]
    racks[1]["placement"] = dict(racks[0]["placement"])
    return content, [racks[0]["id"], racks[1]["id"]]


def test_check_design_passes_a_clean_design():
    assert run("check_design", "--sample", "pod") == (0, "0 findings, 0 blocking.\n", "")


def test_check_design_stops_a_pipeline_on_a_blocking_finding(write):
    content, _ = overlapping()

    code, out, _ = run("check_design", write(content))

    assert code == 1
    assert "blocking SPC-OVERLAP" in out


@pytest.mark.parametrize(("day", "code"), [("2026-12-31", 0), ("2027-01-01", 1)])
def test_a_waiver_counts_until_its_last_day(write, day, code):
    content, ids = overlapping()
    content["elements"].append(
        {
            "id": id_of(300),
            "kind": "waiver",
            "waiver": {
                "rule": "SPC-OVERLAP",
                "element_ids": ids,
                "reason": "Drawn twice until the survey is in.",
                "expires_on": "2026-12-31",
                "granted_by": "A. Planner",
            },
        }
    )

    assert run("check_design", write(content), "--as-of", day)[0] == code


def test_check_design_of_a_bad_file_exits_2(write):
    assert problem_of(write(b"{"), "check_design")["code"] == "file-refused"


@pytest.mark.parametrize(("gw", "racks"), [(0.001, 128), (0.1, 512), (1.0, 5632)])
def test_a_campus_grows_with_its_power(gw, racks):
    content = campus(gw=gw)

    modules = sum(element["kind"] == "module" for element in content["elements"])
    assert modules * 16 == racks


def test_make_campus_writes_a_file_that_evaluates(tmp_path):
    path = tmp_path / "campus.json"

    call_command("make_campus", "--gw", "0.02", "--out", str(path), stdout=StringIO())

    assert evaluated(str(path))["space"]["racks"] == 128


def test_the_same_campus_has_the_same_ids():
    assert campus(gw=0.02) == campus(gw=0.02)


@pytest.mark.parametrize("gw", ["0", "-1", "nan", "1e9"])
def test_an_impossible_campus_is_refused(tmp_path, gw):
    with pytest.raises(CommandError):
        call_command("make_campus", "--gw", gw, "--out", str(tmp_path / "campus.json"))


def test_evaluate_needs_no_server_no_database_and_leaves_nothing_behind(tmp_path):
    data = tmp_path / "data"
    environment = {
        **os.environ,
        "PLENUM_DATA": str(data),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "BROKER_URL": "redis://127.0.0.1:1/0",
    }
    for name in ("DJANGO_SETTINGS_MODULE", "SECRET_KEY"):
        environment.pop(name, None)

    done = subprocess.run(
        [sys.executable, "manage.py", "evaluate", "--sample", "pod"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["space"]["racks"] == 8
    assert not data.exists()
