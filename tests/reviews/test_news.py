"""Whoever is asked, mentioned or answered hears of it in the product."""

import pytest

from accounts.models import Team
from notices.models import Notice
from reviews import services, threads
from tests import factories
from tests.reviews.conftest import moved, of_kind, push
from tests.reviews.test_journeys import approve, merge, proposed

pytestmark = pytest.mark.django_db


def told(person) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in Notice.objects.filter(user=person).order_by("pk")]


def comment(actor, design, text, **more):
    return threads.open_thread(
        actor=actor, design=design, anchor={"type": "point"}, text=text, point=(0.0, 0.0), **more
    )


def test_a_mention_an_assignment_and_an_answer_are_told(main, author, reviewer, viewer):
    thread = comment(author, main, "@Rui is this wide enough?", assignee=viewer)
    assert told(reviewer) == [("mention", "Ana mentions you: @Rui is this wide enough?")]
    assert told(viewer)[-1][0] == "assigned"

    threads.reply(actor=reviewer, thread=thread, text="It is.")

    assert told(author) == [("mention", "Rui answers: @Rui is this wide enough?")]
    assert Notice.objects.filter(user=author).get().url.endswith(f"#thread-{thread.number}")


def test_nobody_from_outside_hears_of_a_comment(main, author, stranger):
    comment(author, main, f"@{stranger.username} look at this")

    assert told(stranger) == []


def test_the_approvers_are_asked_and_the_author_hears_the_outcome(
    branch, author, reviewer, work_off
):
    push(branch, author, moved(of_kind(branch, "column")[0], dx=100))
    proposal = proposed(branch, author)

    assert [kind for kind, _ in told(reviewer)] == ["review"]
    assert told(author) == []

    work_off()
    found = services.examine(proposal)
    approve(proposal, reviewer, *found.disciplines)
    merge(proposal, reviewer)

    kinds = [kind for kind, _ in told(author)]
    assert kinds == ["decision"] * (len(found.disciplines) + 1)
    assert "merged" in told(author)[-1][1]


def test_only_those_named_are_asked(branch, author, reviewer, admin, project):
    other = factories.member(project.organisation, "reviewer", name="Grace")
    team = Team.objects.create(organisation=project.organisation, name="All")
    team.members.add(other)
    for discipline in ("space", "power", "cooling", "network", "cost"):
        services.add_approver(
            actor=admin, project=project, discipline=discipline, user=None, team=team
        )
    push(branch, author, moved(of_kind(branch, "column")[0], dx=100))

    proposed(branch, author)

    assert [kind for kind, _ in told(other)] == ["review"]
    assert told(reviewer) == []
