"""Comments out to a building team's tool and in again, with a topic that the tool wrote itself."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reviews.bcf import ifc_guid
from tests.analysis.design_files import eight_racks, id_of
from tests.e2e.browser import go
from tests.e2e.team import Team

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

RACK = id_of(5)
TOPIC = "7d1f3c1e-3f0e-4a52-9f0b-1c2d3e4f5a6b"
VIEW = "0b8f5b2a-9c1d-4e7f-8a3b-6c5d4e3f2a1b"
# As the documentation of BCF 2.1 has it: description and comments, a camera that looks straight
# down, one component by its IFC name, a snapshot of its own, and elements that mean nothing here.
MARKUP = f"""<?xml version="1.0" encoding="UTF-8"?>
<Markup xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Header><File IfcProject="0YvctVUKr0kugbFTf53O9L" isExternal="true">
    <Filename>hall.ifc</Filename></File></Header>
  <Topic Guid="{TOPIC}" TopicType="Clash" TopicStatus="Active">
    <Title>Drain below the rack</Title>
    <Priority>High</Priority>
    <Labels>Plumbing</Labels>
    <CreationDate>2026-11-20T09:15:00+08:00</CreationDate>
    <CreationAuthor>bim@example.com</CreationAuthor>
    <DueDate>2026-12-24T00:00:00Z</DueDate>
    <AssignedTo>ada</AssignedTo>
    <Description>A floor drain lies below this rack.</Description>
  </Topic>
  <Comment Guid="5a0e7c5d-2f61-4a8e-b1b6-7e0f3e2d1c0b">
    <Date>2026-11-20T10:00:00+08:00</Date>
    <Author>plumber@example.com</Author>
    <Comment>It can be closed.</Comment>
    <Viewpoint Guid="{VIEW}"/>
  </Comment>
  <Viewpoints Guid="{VIEW}">
    <Viewpoint>look.bcfv</Viewpoint><Snapshot>look.png</Snapshot><Index>0</Index>
  </Viewpoints>
</Markup>"""
LOOK = f"""<?xml version="1.0" encoding="UTF-8"?>
<VisualizationInfo Guid="{VIEW}">
  <Components>
    <ViewSetupHints SpacesVisible="false" SpaceBoundariesVisible="false" OpeningsVisible="false"/>
    <Selection><Component IfcGuid="{ifc_guid(RACK)}"/></Selection>
    <Visibility DefaultVisibility="true"/>
  </Components>
  <OrthogonalCamera>
    <CameraViewPoint><X>6.3</X><Y>4.2</Y><Z>50</Z></CameraViewPoint>
    <CameraDirection><X>0</X><Y>0</Y><Z>-1</Z></CameraDirection>
    <CameraUpVector><X>0</X><Y>1</Y><Z>0</Z></CameraUpVector>
    <ViewToWorldScale>12</ViewToWorldScale>
  </OrthogonalCamera>
</VisualizationInfo>"""
ANSWER = """<Comment Guid="c2b7b6f0-51b0-4f3d-8d6a-0a9b8c7d6e5f">
<Date>{at:%Y-%m-%dT%H:%M:%S}Z</Date><Author>architect@example.com</Author>
<Comment>We widened the aisle.</Comment></Comment>"""


def _export(page: Page, version: str, folder: Path) -> dict[str, bytes]:
    with page.expect_download() as fetching:
        page.get_by_role("link", name=f"Export BCF {version}").click()
    path = folder / f"{version}.bcf"
    fetching.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _import(page: Page, content: bytes, said: str) -> None:
    page.get_by_label("BCF file").set_input_files(
        {"name": "answers.bcf", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text(said)).to_be_visible()


def test_a_comment_goes_out_as_bcf_and_comes_back_answered(team: Team, tmp_path: Path):
    ada, guest = team.admin, team.invite("vito", "viewer")
    design = team.bring(team.project("Exchange"), eight_racks(), "Row")
    plan = guest.plan.open(design)
    plan.select("CDU-1")
    plan.press("c")
    plan.details.get_by_label("What you want to say").fill("Is there room to pull a pump?")
    plan.details.get_by_role("button", name="Pin comment").click()
    expect(plan.details.get_by_role("button", name="CDU-1")).to_be_visible()

    page = ada.page
    go(page, f"/designs/{design}/comments/")
    files = _export(page, "2.1", tmp_path)
    [markup] = [name for name in files if name.endswith("markup.bcf")]
    folder = markup.rpartition("/")[0]
    assert files[f"{folder}/snapshot.png"].startswith(b"\x89PNG")
    assert b"<OrthogonalCamera>" in files[f"{folder}/viewpoint.bcfv"]
    assert ifc_guid(id_of(101)).encode() in files[f"{folder}/viewpoint.bcfv"]

    # The building team answers, closes the topic, and writes one of its own.
    # Times of the format have no fractions: a second later, to stand behind the question.
    answer = ANSWER.format(at=datetime.now(UTC) + timedelta(seconds=1)).encode()
    answered = files[markup].replace(b"<Viewpoints ", answer + b"<Viewpoints ", 1)
    files[markup] = answered.replace(b'TopicStatus="Open"', b'TopicStatus="Closed"')
    files[f"{TOPIC}/markup.bcf"] = MARKUP.encode()
    files[f"{TOPIC}/look.bcfv"] = LOOK.encode()
    files[f"{TOPIC}/look.png"] = files[f"{folder}/snapshot.png"]
    _import(page, _packed(files), "1 new topic, 3 new answers, 1 with another state.")
    _import(page, _packed(files), "Nothing in it is new.")

    ours, theirs = sorted(
        ada.read(f"/api/designs/{design}/threads"), key=lambda each: each["number"]
    )
    assert ours["state"] == "resolved"
    assert [each["author"] for each in ours["comments"]] == ["vito", "architect@example.com"]
    assert theirs["anchor"] == {"type": "element", "id": RACK}
    assert (theirs["author"], theirs["assignee"], theirs["due_on"]) == (
        "bim@example.com",
        "ada",
        "2026-12-24",
    )
    assert [each["text"] for each in theirs["comments"]] == [
        "A floor drain lies below this rack.",
        "It can be closed.",
    ]
    # The topic stands on its rack in the editor, and goes out under its own name again.
    plan.open(design)
    pin = plan.page.get_by_role("button", name=re.compile("Drain below the rack"))
    expect(pin.first).to_be_visible()
    go(page, f"/designs/{design}/comments/")
    again = _export(page, "3.0", tmp_path)
    assert f"{TOPIC}/markup.bcf" in again
    assert ifc_guid(RACK).encode() in again[f"{TOPIC}/viewpoint.bcfv"]
