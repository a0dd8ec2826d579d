"""The report on differences: a proposal, and any two states, as a PDF to take away."""

import io
import re

import pytest
from pypdf import PdfReader

from audit.models import Event
from layouts.selectors import document_at
from reports import gathering
from reports.formats import differences as pdf
from reports.formats.difference_plan import picture
from reviews import services, signing, threads
from reviews.examination import examine
from reviews.selectors import point_at
from tests import factories
from tests.reviews.conftest import moved, of_kind, push

pytestmark = pytest.mark.django_db

SAID = "Is 600 mm enough to pull #a pump?\n*Not* markup: $x$."


@pytest.fixture
def proposal(branch, author, reviewer, work_off, today):
    """A CDU less and a rack moved; waived, argued about, and approved by one discipline."""
    push(branch, author, {"type": "delete", "id": of_kind(branch, "cdu")[0]["id"]})
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=600))
    found = services.open_proposal(
        actor=author, source=branch, title="One CDU less", description="For the pilot."
    )
    found = services.move(actor=author, proposal=found, move="submit")
    anchor = {"type": "element", "id": of_kind(branch, "rack")[0]["id"]}
    thread = threads.open_thread(
        actor=reviewer, design=branch, anchor=anchor, text=SAID, assignee=author, due_on=today
    )
    threads.reply(actor=author, thread=thread, text="It is for now.")
    work_off()
    lost = next(each for each in examine(found).checks if each.gate == "redundancy").findings[0]
    found = signing.waive(
        actor=reviewer,
        proposal=found,
        finding_id=lost["id"],
        reason="Only for the pilot",
        expires_on=today.replace(year=today.year + 1),
    )
    work_off()
    services.judge(
        actor=reviewer,
        proposal=found,
        discipline="cooling",
        verdict="approved",
        candidate_hash=examine(found).candidate_hash,
        reason="The pilot runs in winter.",
    )
    return found


def printed(found):
    pages = PdfReader(io.BytesIO(pdf.write(found))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_a_proposal_is_printed_with_all_that_was_decided_about_it(proposal, today):
    words = printed(gathering.of_proposal(proposal))

    for expected in (
        f"Proposal #{proposal.number}",
        "One CDU less",
        "For the pilot.",
        "In review",
        "600 mm",
        "Heat to liquid",
        "Findings opened",
        "Is 600 mm enough to pull #a pump?",
        "*Not* markup: $x$.",
        f"due {today}",
        "It is for now.",
        "The pilot runs in winter.",
        "Only for the pilot",
        f"{today.replace(year=today.year + 1)}",
        f"Rui, {today}",
        "COOL-N1",
        "No conflicts",
    ):
        assert expected in words, (expected, words)


def test_two_states_are_printed_with_the_comments_of_the_new_one(proposal, branch, main, author):
    old, new = point_at(author, main, "head"), point_at(author, branch, "head")

    words = printed(gathering.of_points(author, old, new))

    for expected in (
        "Comparison",
        old.label,
        new.label,
        "600 mm",
        "It is for now.",
        "Not evaluated",
    ):
        assert expected in words, (expected, words)
    assert "Approvals" not in words


def test_equal_differences_give_equal_bytes(proposal):
    found = gathering.of_proposal(proposal)

    assert pdf.write(found) == pdf.write(found)


def test_the_plan_shows_each_change_by_its_number(proposal):
    found = gathering.of_proposal(proposal)

    drawn = picture(found.old, found.new, found.lines, found.pins)

    for number, line in enumerate(found.lines, start=1):
        if line.how in {"moved", "removed"}:
            assert f">{number}</text>" in drawn
    assert 'class="ghost"' in drawn
    assert 'class="open"' in drawn


def test_who_takes_it_away_stands_on_the_trail(proposal, author, branch):
    client = factories.client_of(author)

    for url in (f"/proposals/{proposal.pk}/report.pdf", f"/designs/{branch.pk}/compare/report.pdf"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
        assert Event.objects.filter(action="report.export").latest("number").actor_name == "Ana"


def test_an_area_with_a_cloud_is_drawn(branch, author):
    square = [[0, 0], [3000, 0], [3000, 3000], [0, 3000]]
    anchor = {"type": "area", "points_mm": square, "cloud": True}
    threads.open_thread(actor=author, design=branch, anchor=anchor, text="Here")
    found = gathering.of_points(author, *(point_at(author, branch, each) for each in ("1", "head")))

    assert found.lines == ()
    assert 'class="cloud"' in picture(found.old, found.new, (), found.pins)
    assert document_at(branch, branch.head).state_hash[:12] in found.facts[1][1]
