"""Comments: they follow what they are pinned to, and come back from other tools."""

import io
import re
import uuid
import zipfile
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.pen import Frame
from layouts import branches
from layouts.errors import FileRefused
from layouts.selectors import document_at
from reviews import exchange, services, threads
from reviews.anchors import offset_on, place_of
from reviews.bcf import element_id, ifc_guid
from reviews.errors import CommentInvalid
from reviews.models import Comment, Thread
from reviews.overlay import PIN_MM, Pin, pin_marks
from tests import factories
from tests.reviews.conftest import moved, of_kind, push

pytestmark = pytest.mark.django_db


def place_on(design, thread):
    design.refresh_from_db()
    found = threads.pinned(design, document_at(design, design.head))
    return next(each.place for each in found if each.thread == thread)


def pin(design, author, element, **more):
    x, y = element["placement"]["x_mm"] + 100, element["placement"]["y_mm"] + 200
    return threads.open_thread(
        actor=author,
        design=design,
        anchor={"type": "element", "id": element["id"]},
        point=(x, y),
        text="Too near\nThe rule wants 900.",
        **more,
    )


def test_a_pin_follows_its_element(branch, author):
    cdu = of_kind(branch, "cdu")[0]
    thread = pin(branch, author, cdu)

    push(branch, author, moved(cdu, dx=50, dy=-70))

    place = place_on(branch, thread)
    assert (place.x_mm, place.y_mm) == (
        cdu["placement"]["x_mm"] + 150,
        cdu["placement"]["y_mm"] + 130,
    )


def test_a_pin_of_what_was_deleted_falls_back_to_its_point(branch, author):
    cdu = of_kind(branch, "cdu")[0]
    thread = pin(branch, author, cdu)

    push(branch, author, {"type": "delete", "id": cdu["id"]})

    place = place_on(branch, thread)
    assert place.is_lost
    assert (place.x_mm, place.y_mm) == (
        cdu["placement"]["x_mm"] + 100,
        cdu["placement"]["y_mm"] + 200,
    )


@given(
    x=st.floats(-1e5, 1e5), y=st.floats(-1e5, 1e5), turn=st.floats(0, 360), dx=st.floats(-1e4, 1e4)
)
def test_a_place_on_a_turned_element_is_found_again(x, y, turn, dx):
    element = {"id": "a", "kind": "rack", "placement": {"x_mm": x, "y_mm": y, "rotation_deg": turn}}
    offset = offset_on(element, (x + dx, y - dx))
    document = type("Document", (), {"elements": {"a": element}})

    place = place_of(
        {"type": "element", "id": "a", "dx_mm": offset[0], "dy_mm": offset[1]}, (0, 0), document
    )

    assert abs(place.x_mm - (x + dx)) < 0.2
    assert abs(place.y_mm - (y - dx)) < 0.2


def test_a_comment_is_seen_on_branches_and_after_the_merge(main, branch, author, admin):
    on_main = pin(main, admin, of_kind(main, "rack")[0])
    on_branch = pin(branch, author, of_kind(branch, "cdu")[0])

    assert set(threads.threads_of(branch)) == {on_main, on_branch}
    assert set(threads.threads_of(main)) == {on_main}
    proposal = services.open_proposal(actor=author, source=branch, title="T")
    type(proposal).objects.filter(pk=proposal.pk).update(state="merged")
    assert set(threads.threads_of(main)) == {on_main, on_branch}


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ({"type": "nothing"}, "An anchor is one of"),
        ({"type": "element"}, "needs id"),
        ({"type": "run", "id": "x", "t": 2}, "from 0 to 1"),
        ({"type": "area", "points_mm": [[0, 0], [1, 1]]}, "at least 3 corners"),
        ({"type": "element", "id": str(uuid.uuid4())}, "no such element"),
    ],
)
def test_an_anchor_that_leads_nowhere_is_refused(branch, author, anchor, words):
    with pytest.raises(CommentInvalid, match=words):
        threads.open_thread(actor=author, design=branch, anchor=anchor, text="x", point=(0, 0))


def test_a_place_along_a_run(branch, author):
    bus = of_kind(branch, "busway")[0]
    thread = threads.open_thread(
        actor=author, design=branch, anchor={"type": "run", "id": bus["id"], "t": 0.5}, text="x"
    )

    push(branch, author, moved(bus, dx=100))

    assert place_on(branch, thread).x_mm == thread.x_mm + 100


def test_a_figure_of_an_element_is_named_by_both_and_followed(branch, author):
    cdu = of_kind(branch, "cdu")[0]
    anchor = {"type": "result", "path": "elements.liquid_kw", "label": "Heat to liquid"}
    of_it = threads.open_thread(
        actor=author, design=branch, anchor={**anchor, "element_ids": [cdu["id"]]}, text="Why?"
    )
    of_all = threads.open_thread(
        actor=author,
        design=branch,
        anchor={"type": "result", "path": "energy.pue"},
        point=(-500, 900),
        text="And this?",
    )
    before = place_on(branch, of_it)

    push(branch, author, moved(cdu, dx=50, dy=-70))

    after = place_on(branch, of_it)
    assert (after.x_mm, after.y_mm) == (before.x_mm + 50, before.y_mm - 70)
    assert (place_on(branch, of_all).x_mm, place_on(branch, of_all).y_mm) == (-500, 900)
    document = document_at(branch, branch.head)
    assert threads.where(of_it.anchor, document) == "Heat to liquid of CDU-01"
    assert threads.where(of_all.anchor, document) == "figure PUE, design day"


def test_pins_in_one_place_stand_side_by_side():
    frame = Frame(x0=0, y0=0, x1=10_000, y1=10_000, scale=50)
    places = [(2000, 2000), (2000, 2010), (8000, 2000), (2000, 2000)]
    found = [
        Pin(number=n, x_mm=x, y_mm=y, href="#", label="c", is_open=True)
        for n, (x, y) in enumerate(places, start=1)
    ]

    marks = pin_marks(found, frame)

    beside = [float(re.search(r'<path d="M([\d.]+) 0l', mark)[1]) for mark in marks]
    assert beside == [0, PIN_MM, 0, 2 * PIN_MM]


def test_people_are_mentioned_by_name(branch, author, organisation):
    ana_maria = factories.member(organisation, "viewer", name="Ana Maria")

    thread = threads.open_thread(
        actor=author,
        design=branch,
        anchor={"type": "point"},
        point=(0, 0),
        text="@ana maria, look. Not you, x@Ana.",
    )

    assert list(thread.comments.get().mentions.all()) == [ana_maria]


def test_a_thread_is_settled_and_an_answer_opens_it_again(branch, author, reviewer, today):
    thread = pin(branch, author, of_kind(branch, "cdu")[0])
    threads.settle(
        actor=reviewer,
        thread=thread,
        state="resolved",
        assignee=author,
        due_on=today,
        sets_assignee=True,
        sets_due=True,
    )
    assert (thread.state, thread.assignee, thread.due_on) == ("resolved", author, today)

    threads.reply(actor=author, thread=thread, text="Not yet")

    thread.refresh_from_db()
    assert (thread.state, thread.title) == ("open", "Too near")
    with pytest.raises(CommentInvalid):
        threads.settle(actor=reviewer, thread=thread, assignee=factories.user(), sets_assignee=True)


# --- BCF ------------------------------------------------------------------------------------


@given(st.uuids())
def test_ifc_names_lead_back_to_their_ids(value):
    assert element_id(ifc_guid(str(value))) == str(value)
    assert len(ifc_guid(str(value))) == 22


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_an_answer_from_another_tool_lands_in_its_thread(branch, author, version):
    cdu = of_kind(branch, "cdu")[0]
    thread = pin(branch, author, cdu)
    files = unpacked(exchange.export_bcf(design=branch, version=version))
    folder = str(thread.guid)
    assert files[f"{folder}/snapshot.png"].startswith(b"\x89PNG")
    view = Xml.fromstring(files[f"{folder}/viewpoint.bcfv"])
    eye = [float(view.findtext(f"OrthogonalCamera/CameraViewPoint/{axis}")) for axis in "XY"]
    assert eye == pytest.approx([thread.x_mm / 1000, thread.y_mm / 1000], abs=1e-3)
    assert view.find("Components/Selection/Component").get("IfcGuid") == ifc_guid(cdu["id"])
    answer = (
        f'<Comment Guid="{uuid.uuid4()}"><Date>2026-11-20T10:00:00Z</Date>'
        "<Author>architect@example.com</Author><Comment>Moved the header.</Comment></Comment>"
    )
    end = b"</Topic>" if version == "2.1" else b"</Comments>"
    inserted = end + answer.encode() if version == "2.1" else answer.encode() + end
    markup = files[f"{folder}/markup.bcf"].replace(end, inserted, 1)
    files[f"{folder}/markup.bcf"] = markup.replace(b'"Open"', b'"Closed"')

    taken = exchange.import_bcf(actor=author, design=branch, content=packed(files))
    again = exchange.import_bcf(actor=author, design=branch, content=packed(files))

    assert (taken.topics, taken.answers, taken.settled) == (0, 1, 1)
    assert (again.topics, again.answers, again.settled) == (0, 0, 0)
    thread.refresh_from_db()
    assert thread.state == Thread.State.RESOLVED
    said = [(each.author_name, each.text) for each in thread.comments.all()]
    assert ("architect@example.com", "Moved the header.") in said
    assert Thread.objects.count() == 1


HANDMADE = """<?xml version="1.0" encoding="UTF-8"?>
<Markup><Topic Guid="{guid}" TopicType="Clash" TopicStatus="Open"><Title>Pipe in the way</Title>
<CreationDate>2026-11-01T08:00:00+01:00</CreationDate><CreationAuthor>bim@example.com</CreationAuthor>
<Description>DN 150 crosses the aisle.</Description></Topic>
<Viewpoints Guid="{view}"><Viewpoint>v.bcfv</Viewpoint></Viewpoints></Markup>"""
LOOK = """<VisualizationInfo Guid="{view}"><PerspectiveCamera>
<CameraViewPoint><X>1</X><Y>2</Y><Z>10</Z></CameraViewPoint>
<CameraDirection><X>0</X><Y>0.5</Y><Z>-1</Z></CameraDirection>
<CameraUpVector><X>0</X><Y>1</Y><Z>0</Z></CameraUpVector><FieldOfView>60</FieldOfView>
</PerspectiveCamera></VisualizationInfo>"""


def handmade(**replaced):
    guid, view = uuid.uuid4(), uuid.uuid4()
    files = {
        "bcf.version": '<Version VersionId="2.1"/>',
        f"{guid}/markup.bcf": HANDMADE.format(guid=guid, view=view),
        f"{guid}/v.bcfv": LOOK.format(view=view),
    }
    return files | replaced, guid


def test_a_topic_written_by_hand_becomes_a_thread(branch, author):
    files, guid = handmade()

    taken = exchange.import_bcf(actor=author, design=branch, content=packed(files))

    thread = Thread.objects.get(guid=guid)
    assert taken.words == "1 new topic, 1 new answer, 0 with another state."
    assert (thread.title, thread.author, thread.author_name) == (
        "Pipe in the way",
        None,
        "bim@example.com",
    )
    assert (thread.x_mm, thread.y_mm) == (1000, 7000)
    assert thread.comments.get().text == "DN 150 crosses the aisle."


def test_what_a_topic_is_about_comes_before_its_comments(branch, author, reviewer):
    files, guid = handmade()
    talk = f"""</Topic><Comment Guid="{uuid.uuid4()}"><Date>2026-11-02T08:00:00Z</Date>
<Author>architect@example.com</Author><Comment>Seen.</Comment></Comment>"""
    named = "<AssignedTo>rui</AssignedTo><Description>"
    markup = files[f"{guid}/markup.bcf"].replace("</Topic>", talk).replace("<Description>", named)
    files[f"{guid}/markup.bcf"] = markup

    exchange.import_bcf(actor=author, design=branch, content=packed(files))
    exchange.import_bcf(actor=author, design=branch, content=packed(files))

    thread = Thread.objects.get(guid=guid)
    assert [each.text for each in thread.comments.all()] == ["DN 150 crosses the aisle.", "Seen."]
    assert thread.assignee == reviewer


BOMB = '<!DOCTYPE a [<!ENTITY x "y">]><Version VersionId="2.1">&x;</Version>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not a zip", "not-zip"),
        (packed({"a.txt": "x"}), "not-bcf"),
        (packed({"bcf.version": '<Version VersionId="1.0"/>'}), "unsupported-version"),
        (packed({"bcf.version": "<Version"}), "damaged"),
        (packed({"bcf.version": BOMB}), "declaration"),
        (packed(handmade()[0] | {"../evil": "x"}), "path"),
        (packed(handmade()[0] | {"big": b"\0" * 9_000_000}), "bomb"),
        (packed({"bcf.version": "<a>" * 60 + "</a>" * 60}), "too-deep"),
    ],
)
def test_a_hostile_archive_is_refused_and_changes_nothing(branch, author, content, reason):
    with pytest.raises(FileRefused) as refusal:
        exchange.import_bcf(actor=author, design=branch, content=content)

    assert refusal.value.context["reason"] == reason
    assert not Thread.objects.exists()
    assert not Comment.objects.exists()


def test_a_branch_of_a_branch_shows_what_was_said_before(main, branch, author, admin):
    thread = pin(main, admin, of_kind(main, "rack")[0])

    deeper = branches.fork_design(source=branch, number=branch.head, name="Deeper", author=author)

    assert list(threads.threads_of(deeper)) == [thread]
