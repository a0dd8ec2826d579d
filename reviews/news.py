"""Whom a comment, or a move of a proposal, concerns, and what they are told."""

from collections.abc import Iterable

from accounts.models import User
from accounts.permissions import Visitor
from accounts.selectors import people_who
from notices.models import Notice
from notices.services import notify
from reviews import selectors
from reviews.examination import examine
from reviews.models import Approval, Comment, Proposal, Thread
from reviews.policy import DISCIPLINES

PAST: dict[str, str] = {
    "decline": "declined",
    "withdraw": "withdrew",
    "reopen": "reopened",
    "merge": "merged",
}


def of_comment(actor: User | Visitor, comment: Comment) -> None:
    """Tell whoever is mentioned, and whoever waits for an answer in the thread."""
    thread = comment.thread
    mentioned = list(comment.mentions.all())
    _of_thread(actor, thread, mentioned, Notice.Kind.MENTION, f"{actor} mentions you")
    waiting = {each for each in (thread.author, thread.assignee) if each} - set(mentioned)
    _of_thread(actor, thread, waiting, Notice.Kind.MENTION, f"{actor} answers")


def of_assignment(actor: User | Visitor, thread: Thread) -> None:
    """Tell whoever a thread is given to."""
    if thread.assignee is not None:
        text = f"{actor} gives you a comment"
        _of_thread(actor, thread, [thread.assignee], Notice.Kind.ASSIGNED, text)


def _of_thread(
    actor: User | Visitor, thread: Thread, people: Iterable[User], kind: Notice.Kind, text: str
) -> None:
    notify(
        people,
        kind=kind,
        text=f"{text}: {thread.title}",
        url=f"/designs/{thread.design_id}/comments/#thread-{thread.number}",
        about=thread,
        actor=actor if isinstance(actor, User) else None,
    )


def of_move(actor: User, proposal: Proposal, move: str) -> None:
    """Tell the approvers that they are asked, or the author what became of it."""
    if move == "submit":
        people, kind = approvers_asked(proposal), Notice.Kind.REVIEW
        text = f"{actor} asks you to judge {proposal}"
    else:
        people = {proposal.author} if proposal.author else set()
        kind, text = Notice.Kind.DECISION, f"{actor} {PAST.get(move, move)} {proposal}"
    _of_proposal(actor, proposal, people, kind, text)


def of_verdict(actor: User, proposal: Proposal, approval: Approval) -> None:
    """Tell the author what an approver said."""
    said = approval.get_verdict_display().lower()
    text = f"{actor}, {approval.discipline}: {said}, {proposal}"
    people = {proposal.author} if proposal.author else set()
    _of_proposal(actor, proposal, people, Notice.Kind.DECISION, text)


def _of_proposal(
    actor: User, proposal: Proposal, people: Iterable[User], kind: Notice.Kind, text: str
) -> None:
    url = f"/proposals/{proposal.pk}/"
    notify(people, kind=kind, text=text, url=url, about=proposal, actor=actor)


def approvers_asked(proposal: Proposal) -> set[User]:
    """Who is asked about what a proposal touches: those named, or else all who may approve."""
    touched = examine(proposal).disciplines or DISCIPLINES
    named = selectors.approvers_of(proposal.project)
    able = people_who("approve", proposal)
    asked: set[User] = set()
    for discipline in touched:
        rows = named[discipline]
        people = {row.user_id for row in rows} | {
            member.pk for row in rows if row.team for member in row.team.members.all()
        }
        asked |= {each for each in able if not rows or each.pk in people}
    return {each for each in asked if not selectors.worked_on(each, proposal)}
