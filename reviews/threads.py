"""Comments: where they are pinned, who said what, and what was settled."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from accounts.permissions import Action, Visitor, visible_projects
from analysis.figures import BY_PATH
from analysis.lifecycle import named
from audit import services as audit
from layouts import live
from layouts.document import Document, Element, owner_of
from layouts.models import Design, Project
from layouts.selectors import document_at
from reviews import news
from reviews.anchors import Place, offset_on, place_of, problems_of
from reviews.errors import CommentInvalid, ThreadNotFound
from reviews.models import Comment, Proposal, Thread
from reviews.overlay import Pin
from reviews.rollup import word

MAX_WORDS = 20_000
TITLE_LENGTH = 80
_MENTION = re.compile(r"(?:^|(?<=[\s(,;:]))@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A thread with the place where it stands in one document."""

    thread: Thread
    place: Place
    where: str
    said: Sequence[Comment]

    @property
    def pin(self) -> Pin:
        """The mark on the plan."""
        thread = self.thread
        return Pin(
            number=thread.number,
            x_mm=self.place.x_mm,
            y_mm=self.place.y_mm,
            href=f"#thread-{thread.number}",
            label=f"Comment {thread.number}, {thread.state}: {thread.title}",
            is_open=thread.state == Thread.State.OPEN,
            area_mm=tuple((point[0], point[1]) for point in thread.anchor.get("points_mm", ())),
            is_cloud=bool(thread.anchor.get("cloud", False)),
        )


# --- Reading --------------------------------------------------------------------------------


def family_of(design: Design) -> set[UUID]:
    """The designs whose comments concern a design: itself, what it came from, what came back."""
    found: set[UUID] = set()
    line: Design | None = design
    while line is not None and line.pk not in found:
        found.add(line.pk)
        found |= set(
            Proposal.objects.filter(target=line, state=Proposal.State.MERGED).values_list(
                "source", flat=True
            )
        )
        line = line.parent
    return found


def threads_of(design: Design) -> QuerySet[Thread]:
    """The comments that concern a design, with all that was said, open ones first."""
    said = Comment.objects.select_related("author")
    return (
        Thread.objects.filter(design__in=family_of(design))
        .select_related("assignee", "design", "proposal")
        .prefetch_related(Prefetch("comments", queryset=said))
        .order_by("state", "number")
    )


def thread_for(user: User, thread_id: UUID, action: Action = "view") -> Thread:
    """A thread, if the person may do this to it.

    Raises
    ------
    ThreadNotFound
        If there is none, or none that the person may know of.
    Forbidden
        If the person may see it but may not do this.
    """
    thread = (
        Thread.objects.filter(visible_projects(user, "design__project"), pk=thread_id)
        .select_related("design__project__organisation", "assignee", "proposal")
        .first()
    )
    if thread is None:
        raise ThreadNotFound("There is no such comment, or you have no access to it.")
    permissions.require(user, action, thread)
    return thread


def pinned(design: Design, document: Document, proposal: Proposal | None = None) -> list[Pinned]:
    """The comments of a design where they stand in a document; a proposal's own come along."""
    rows = threads_of(design)
    if proposal is not None:
        rows = rows.filter(Q(proposal=proposal) | Q(proposal=None))
    return [
        Pinned(
            thread=thread,
            place=place_of(thread.anchor, (thread.x_mm, thread.y_mm), document),
            where=where(thread.anchor, document),
            said=list(thread.comments.all()),
        )
        for thread in rows
    ]


def where(anchor: Mapping[str, Any], document: Document) -> str:
    """What a comment is pinned to, in words."""
    match anchor["type"]:
        case "element" | "run":
            element = document.elements.get(owner_of(anchor["id"]))
            name = _called(element) if element is not None else "something that is gone"
            return name if anchor["type"] == "element" else f"along {name}"
        case "finding":
            return f"finding {anchor.get('rule', '')}".strip()
        case "change":
            return f"change: {anchor['label']}" if anchor.get("label") else "a change"
        case "result":
            return _figure_named(anchor, document)
        case "area":
            return "an area"
    return "a point of the plan"


def _figure_named(anchor: Mapping[str, Any], document: Document) -> str:
    """A figure as it is written where it stands, and what it is of."""
    figure = BY_PATH.get(anchor["path"])
    label = figure.label if figure else anchor.get("label") or anchor["path"]
    known = (document.elements.get(owner_of(id_)) for id_ in anchor.get("element_ids", ()))
    tags = [_called(element) for element in known if element is not None]
    return f"{label} of {named(tags)}" if tags else f"figure {label}"


def _called(element: Element) -> str:
    """The tag or name of an element, else what it is."""
    identity = element.get("identity") or {}
    return str(identity.get("tag") or identity.get("name") or word(element["kind"]))


def pins(found: Iterable[Pinned]) -> list[Pin]:
    """The marks of some comments."""
    return [each.pin for each in found]


def people_of(project: Project) -> list[User]:
    """Who can be asked or mentioned in a project."""
    members = User.objects.filter(
        memberships__organisation=project.organisation_id, memberships__is_suspended=False
    )
    return list(members.order_by("username"))


# --- Writing --------------------------------------------------------------------------------


@transaction.atomic
def open_thread(
    *,
    actor: User | Visitor,
    design: Design,
    anchor: Mapping[str, Any],
    text: str,
    point: tuple[float, float] | None = None,
    revision: int | None = None,
    proposal: Proposal | None = None,
    assignee: User | None = None,
    due_on: date | None = None,
) -> Thread:
    """Pin a new comment to a place of a design.

    `point` is where the pin was put; without it, it stands where the anchor leads to.

    Raises
    ------
    CommentInvalid
        If it has no words, or its anchor leads nowhere in that revision.
    """
    permissions.require(actor, "comment", design)
    words = _words(text)
    number = design.head if revision is None else revision
    document = document_at(design, number)
    if problems := problems_of(anchor):
        raise CommentInvalid(" ".join(problems))
    anchor, at = _settled(anchor, point, document)
    _check_assignee(assignee, design.project)
    now = timezone.now()
    author, name = _author(actor)
    project = Project.objects.select_for_update().get(pk=design.project_id)
    last = Thread.objects.filter(design__project=project).aggregate(last=Max("number"))["last"]
    thread = Thread.objects.create(
        design=design,
        proposal=proposal,
        number=(last or 0) + 1,
        revision=number,
        anchor=anchor,
        x_mm=at[0],
        y_mm=at[1],
        title=title_of(words),
        assignee=assignee,
        due_on=due_on,
        author=author,
        author_name=name,
        at=now,
        changed_at=now,
    )
    news.of_comment(actor, _say(actor, thread, words, number))
    news.of_assignment(actor, thread)
    announce(thread)
    audit.record(actor=author, actor_name=name, action="comment.open", obj=thread)
    return thread


def _settled(
    anchor: Mapping[str, Any], point: tuple[float, float] | None, document: Document
) -> tuple[dict[str, Any], tuple[float, float]]:
    """The anchor as it is kept, and where it stands now."""
    kept = {
        name: anchor[name]
        for name in (
            "type",
            "id",
            "t",
            "dx_mm",
            "dy_mm",
            "points_mm",
            "cloud",
            "finding_id",
            "rule",
            "element_ids",
            "key",
            "path",
            "label",
        )
        if name in anchor
    }
    if kept["type"] in ("element", "run"):
        element = document.elements.get(owner_of(kept["id"]))
        if element is None:
            raise CommentInvalid("There is no such element in that revision.")
        if kept["type"] == "element" and point is not None:
            kept["dx_mm"], kept["dy_mm"] = offset_on(element, point)
    place = place_of(kept, point or (0.0, 0.0), document)
    return kept, (place.x_mm, place.y_mm)


@transaction.atomic
def reply(*, actor: User | Visitor, thread: Thread, text: str) -> Comment:
    """Answer in a thread; an answer to a resolved one opens it again.

    Raises
    ------
    CommentInvalid
        If it has no words.
    """
    permissions.require(actor, "comment", thread)
    comment = _say(actor, thread, _words(text), thread.design.head)
    thread.state = Thread.State.OPEN
    thread.changed_at = comment.at
    thread.save(update_fields=["state", "changed_at"])
    news.of_comment(actor, comment)
    announce(thread)
    author, name = _author(actor)
    audit.record(actor=author, actor_name=name, action="comment.reply", obj=thread)
    return comment


@transaction.atomic
def settle(
    *,
    actor: User,
    thread: Thread,
    state: str | None = None,
    assignee: User | None = None,
    due_on: date | None = None,
    sets_assignee: bool = False,
    sets_due: bool = False,
) -> Thread:
    """Resolve a thread or open it again, give it to somebody, set its day.

    Raises
    ------
    CommentInvalid
        If the state is none, or the person is not of the organisation.
    """
    permissions.require(actor, "comment", thread)
    if state is not None:
        if state not in Thread.State.values:
            raise CommentInvalid("A comment is open or resolved.")
        thread.state = state
    if sets_assignee:
        _check_assignee(assignee, thread.design.project)
        thread.assignee = assignee
    if sets_due:
        thread.due_on = due_on
    thread.changed_at = timezone.now()
    thread.save()
    if sets_assignee:
        news.of_assignment(actor, thread)
    announce(thread)
    audit.record(
        actor=actor,
        action="comment.settle",
        obj=thread,
        detail={"state": thread.state, "assignee": str(thread.assignee or "")},
    )
    return thread


def title_of(words: str) -> str:
    """The first line of some words, cut where it is long."""
    line = words.strip().splitlines()[0].strip()
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1].rstrip()}…"


def mentioned(text: str, people: Iterable[User]) -> list[User]:
    """The people whose names follow an @, the longest name first where one begins another."""
    by_length = sorted(people, key=lambda person: -len(person.username))
    found: dict[UUID, User] = {}
    for start in (match.end() for match in _MENTION.finditer(text)):
        rest = text[start:].casefold()
        for person in by_length:
            name = person.username.casefold()
            if rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum():
                found[person.pk] = person
                break
    return list(found.values())


def announce(thread: Thread) -> None:
    """Tell everybody who has the design open."""
    message = {"type": "thread", "thread": str(thread.pk), "state": thread.state}
    transaction.on_commit(partial(live.publish, thread.design_id, message))


def _author(actor: User | Visitor) -> tuple[User | None, str]:
    """Who said something: a person, or the holder of a share link by the name they gave."""
    return (actor, actor.username) if isinstance(actor, User) else (None, actor.name)


def _say(actor: User | Visitor, thread: Thread, words: str, revision: int) -> Comment:
    author, name = _author(actor)
    comment = Comment.objects.create(
        thread=thread,
        author=author,
        author_name=name,
        text=words,
        revision=revision,
        at=timezone.now(),
    )
    comment.mentions.set(mentioned(words, people_of(thread.design.project)))
    return comment


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > MAX_WORDS or "\x00" in words:
        raise CommentInvalid(f"Write something, at most {MAX_WORDS:,} characters.")
    return words


def _check_assignee(assignee: User | None, project: Project) -> None:
    if assignee is not None and assignee not in people_of(project):
        raise CommentInvalid("That person is not in this organisation.")
