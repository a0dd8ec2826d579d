"""The API does what the screen does, past the same gates."""

import json
import uuid

import pytest
from django.db.models.functions import Reverse

from analysis.models import Evaluation
from layouts import branches
from reviews.models import STEP_WORDS, Approval, Proposal, Thread
from reviews.policy import TRANSITIONS
from tests import factories
from tests.reviews.conftest import moved, of_kind, push

pytestmark = pytest.mark.django_db


def ask(client, method, path, body=None, *, status=200):
    answer = client.generic(
        method,
        f"/api{path}",
        "" if body is None else json.dumps(body),
        content_type="application/json",
    )
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_whole_review_by_api(*, main, branch, author, reviewer, client_of, work_off):
    writing, judging = client_of(author), client_of(reviewer)
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    made = ask(writing, "POST", f"/designs/{branch.pk}/proposals", {"title": "Move"}, status=201)
    path = f"/proposals/{made['id']}"
    ask(writing, "POST", f"{path}/submit", {})
    found = ask(judging, "GET", path)
    assert [line["title"] for line in found["changes"]] == ["R01-01 moved 50 mm in y"]
    assert found["standings"] == {"space": "waiting"}

    word = {
        "discipline": "space",
        "verdict": "approved",
        "candidate_hash": found["candidate_hash"],
    }
    early = ask(judging, "POST", f"{path}/judgements", word, status=409)
    assert early["code"] == "checks-failed"
    work_off()
    own = ask(writing, "POST", f"{path}/judgements", word, status=403)
    assert own["code"] == "not-allowed"
    ask(judging, "POST", f"{path}/judgements", word, status=201)
    other = {"candidate_hash": "0" * 64}
    assert ask(writing, "POST", f"{path}/merge", other, status=409)["code"] == "proposal-moved"
    merged = ask(writing, "POST", f"{path}/merge", {"candidate_hash": found["candidate_hash"]})

    main.refresh_from_db()
    assert merged["state"] == "merged"
    assert merged["merged_revision"] == main.head == 2
    assert main.head_hash == found["candidate_hash"] == Approval.objects.get().candidate_hash


def test_a_merge_that_breaks_n_plus_1_is_refused_by_screen_and_api(
    branch, author, reviewer, client_of, work_off
):
    push(branch, author, {"type": "delete", "id": of_kind(branch, "cdu")[0]["id"]})
    writing, judging = client_of(author), client_of(reviewer)
    made = ask(writing, "POST", f"/designs/{branch.pk}/proposals", {"title": "Less"}, status=201)
    ask(writing, "POST", f"/proposals/{made['id']}/submit", {})
    work_off()
    found = ask(judging, "GET", f"/proposals/{made['id']}")
    word = {
        "discipline": "cooling",
        "verdict": "approved",
        "candidate_hash": found["candidate_hash"],
    }

    by_api = ask(judging, "POST", f"/proposals/{made['id']}/judgements", word, status=409)
    by_screen = judging.post(f"/proposals/{made['id']}/judge/", word)
    page = judging.get(f"/proposals/{made['id']}/").content.decode()

    assert "redundancy" in [each["gate"] for each in by_api["checks"]]
    assert by_screen.status_code == 409
    assert "Cannot merge yet" in page
    assert not Approval.objects.exists()


def test_a_proposal_shows_the_decision_before_the_plan_and_the_words(
    *, branch, author, reviewer, client_of, work_off
):
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    writing, judging = client_of(author), client_of(reviewer)
    made = ask(writing, "POST", f"/designs/{branch.pk}/proposals", {"title": "Aside"}, status=201)
    ask(writing, "POST", f"/proposals/{made['id']}/submit", {})
    work_off()

    page = judging.get(f"/proposals/{made['id']}/").content.decode()

    parts = ('id="approvals"', 'id="checks"', "Merge into", "data-stage", 'id="changes"')
    places = [page.index(part) for part in (*parts, 'id="results"', 'id="comments"')]
    assert places == sorted(places)
    assert "asks any reviewer" in page
    assert '<details class="act" open><summary>Decide' in page
    assert '<option value="space" selected>' in page
    own = writing.get(f"/proposals/{made['id']}/").content.decode()
    assert "Your role does not judge proposals." in own
    assert "<summary>Decide" not in own


def test_a_candidate_that_this_engine_never_saw_is_evaluated_when_it_is_opened(
    branch, author, client_of, work_off
):
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    writing = client_of(author)
    made = ask(writing, "POST", f"/designs/{branch.pk}/proposals", {"title": "Aside"}, status=201)
    work_off()
    page = f"/proposals/{made['id']}/"
    assert "data-run-on-open" not in writing.get(page).content.decode()
    Evaluation.objects.update(key=Reverse("key"))  # what another version would have asked

    assert "data-run-on-open" in writing.get(page).content.decode()
    writing.post(f"{page}refresh/")
    work_off()

    shown = writing.get(page).content.decode()
    assert "data-run-on-open" not in shown
    assert "Candidate evaluated" in shown


def test_differences_are_asked_by_number_name_and_branch(main, branch, author, client_of):
    reading = client_of(author)
    branches.freeze(design=branch, number=branch.head, name="As issued", author=author)
    push(branch, author, moved(of_kind(branch, "cdu")[0], dx=-10))

    for a in ("1", "As issued", f"{main.pk}@head", f"{main.pk}@1"):
        answer = reading.get(f"/api/designs/{branch.pk}/difference", {"a": a, "b": "head"}).json()
        assert [line["title"] for line in answer["changes"]] == ["CDU-01 moved 10 mm in \u2212x"]
        assert answer["disciplines"] == ["space", "cooling"]

    for a in ("nonsense", "x@1", f"{uuid.uuid4()}@1", "99"):
        assert reading.get(f"/api/designs/{branch.pk}/difference", {"a": a}).status_code == 404


def test_the_pages_of_a_review_show_what_it_is_about(
    *, main, branch, author, reviewer, client_of, work_off
):
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    writing = client_of(author)
    writing.post(f"/designs/{branch.pk}/propose/", {"title": "Move <one> rack"})
    proposal = Proposal.objects.get()
    writing.post(f"/proposals/{proposal.pk}/submit/")
    work_off()
    judging = client_of(reviewer)

    page = judging.get(f"/proposals/{proposal.pk}/").content.decode()
    desk = judging.get(f"/projects/{main.project_id}/").content.decode()
    compared = judging.get(f"/designs/{branch.pk}/compare/").content.decode()

    assert "Move &lt;one&gt; rack" in page
    assert "R01-01 moved 50 mm in y" in page
    assert 'data-layer="old"' in page
    assert "your word on space" in desk
    assert "R01-01 moved 50 mm in y" in compared
    judging.post(
        f"/proposals/{proposal.pk}/judge/",
        {
            "discipline": "space",
            "verdict": "approved",
            "candidate_hash": proposal.candidate.head_hash,
        },
    )
    writing.post(
        f"/proposals/{proposal.pk}/merge/", {"candidate_hash": proposal.candidate.head_hash}
    )
    report = judging.get(f"/proposals/{proposal.pk}/report/").content.decode()
    assert "Move &lt;one&gt; rack" in report
    assert "Rui" in report
    after = judging.get(f"/proposals/{proposal.pk}/").content.decode()
    assert "Ana submitted it for review" in after
    assert "Rui approved space" in after


def test_every_move_has_words():
    assert set(STEP_WORDS) == {*TRANSITIONS, "open", "sign"}


def test_comments_on_what_a_proposal_says(*, branch, author, reviewer, client_of, work_off):
    rack = of_kind(branch, "rack")[0]
    push(branch, author, moved(rack, dy=50))
    writing, judging = client_of(author), client_of(reviewer)
    writing.post(f"/designs/{branch.pk}/propose/", {"title": "Move one rack"})
    proposal = Proposal.objects.get()
    writing.post(f"/proposals/{proposal.pk}/submit/")
    work_off()
    line = ask(judging, "GET", f"/proposals/{proposal.pk}")["changes"][0]
    page = judging.get(f"/proposals/{proposal.pk}/").content.decode()
    assert f'<option value="change:{line["key"]}">R01-01 moved 50 mm in y</option>' in page
    sent = {"proposal": str(proposal.pk), "text": "Why?", "next": f"/proposals/{proposal.pk}/"}

    for about in (f"change:{line['key']}", "result:energy.pump_kw", "change:of-yesterday"):
        judging.post(f"/designs/{branch.pk}/comments/open/", {**sent, "about": about})

    change, figure = Thread.objects.order_by("number")
    assert change.anchor["element_ids"] == [rack["id"]]
    assert (change.x_mm, change.y_mm) == (rack["placement"]["x_mm"], rack["placement"]["y_mm"] + 50)
    assert figure.anchor["path"] == "energy.pump_kw"
    after = judging.get(f"/proposals/{proposal.pk}/").content.decode()
    assert "change: R01-01 moved 50 mm in y" in after
    assert "figure Pump power" in after
    assert "does not say that any more" in after


def test_the_project_page_starts_by_saying_what_it_will_show(project, author, client_of):
    page = client_of(author).get(f"/projects/{project.pk}/").content.decode()

    assert "No design in this project yet" in page


def test_an_auditor_sees_all_and_changes_nothing(main, branch, author, organisation, client_of):
    auditor = client_of(factories.member(organisation, "auditor"))
    writing = client_of(author)
    writing.post(f"/designs/{branch.pk}/propose/", {"title": "T"})
    proposal = Proposal.objects.get()

    for path in (
        f"/projects/{main.project_id}/",
        f"/projects/{main.project_id}/proposals/",
        f"/proposals/{proposal.pk}/",
        f"/designs/{branch.pk}/branches/",
        f"/designs/{branch.pk}/compare/",
        f"/designs/{branch.pk}/comments/",
    ):
        assert auditor.get(path).status_code == 200
    for path in (
        f"/proposals/{proposal.pk}/submit/",
        f"/designs/{branch.pk}/branches/fork/",
        f"/designs/{branch.pk}/comments/open/",
        f"/projects/{main.project_id}/seen/",
    ):
        assert auditor.post(path).status_code == 403
