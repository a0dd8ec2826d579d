"""Comments out to building teams and their answers in again, as BCF files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from analysis.assemble import assemble
from audit import services as audit
from layouts.document import Document, owner_of
from layouts.gate import parsed_by
from layouts.models import Design, Project
from layouts.selectors import document_at, products_of
from reviews import bcf_reader, threads
from reviews.anchors import Place, origin_of
from reviews.bcf import CLOSED, SPACE, BcfVersion, Say, Topic, archive, element_id
from reviews.models import Comment, Thread
from reviews.overlay import Side
from reviews.snapshots import HEIGHT_MM, WIDTH_MM, snapshots, view_height_mm

MAX_BYTES = 32 * 1024 * 1024
STATUS_CLOSED = frozenset({CLOSED.casefold(), "resolved", "done"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import brought."""

    topics: int
    answers: int
    settled: int

    @property
    def words(self) -> str:
        """The same in a sentence."""
        if not (self.topics or self.answers or self.settled):
            return "Nothing in it is new."
        return (
            f"{self.topics} new topic{'' if self.topics == 1 else 's'}, "
            f"{self.answers} new answer{'' if self.answers == 1 else 's'}, "
            f"{self.settled} with another state."
        )


def export_bcf(*, design: Design, version: BcfVersion) -> bytes:
    """Every comment that concerns a design, with a place and a picture each."""
    document = document_at(design, design.head)
    side = Side(document=document, plant=assemble(document, products_of(design))[0])
    found = threads.pinned(design, document)
    pictures = snapshots(
        side, [(each.thread.number, each.place.x_mm, each.place.y_mm) for each in found]
    )
    height = view_height_mm(side)
    return archive(
        (
            _topic(each.thread, each.said, each.place, document, picture, height)
            for each, picture in zip(found, pictures, strict=True)
        ),
        version,
    )


def _topic(  # noqa: PLR0917  - all that a topic is made of
    thread: Thread,
    said: Any,
    place: Place,
    document: Document,
    picture: bytes,
    height: float,
) -> Topic:
    anchor: Mapping[str, Any] = thread.anchor
    ids = [anchor["id"]] if "id" in anchor else anchor.get("element_ids", ())
    present = tuple(
        owner for owner in dict.fromkeys(map(owner_of, ids)) if owner in document.elements
    )
    kind = {"finding": "Finding", "change": "Change"}.get(anchor["type"], "Comment")
    return Topic(
        guid=thread.guid,
        server_id=f"#{thread.number}",
        type=kind,
        is_open=thread.state == Thread.State.OPEN,
        title=thread.title,
        author=thread.author_name,
        created_at=thread.at,
        changed_at=thread.changed_at,
        due_on=thread.due_on,
        assigned_to=thread.assignee.username if thread.assignee else "",
        labels=(str(anchor["rule"]),) if anchor.get("rule") else (),
        said=[
            Say(guid=each.guid, author=each.author_name, at=each.at, text=each.text)
            for each in said
        ],
        x_mm=place.x_mm,
        y_mm=place.y_mm,
        view_height_mm=height,
        aspect=WIDTH_MM / HEIGHT_MM,
        selected=present,
        snapshot=picture,
    )


def import_bcf(*, actor: User, design: Design, content: bytes) -> Taken:
    """Take in what a BCF archive says: answers land in their threads, new topics become threads.

    Whoever wrote them stays named as the file names them; nobody is impersonated.

    Raises
    ------
    FileRefused
        If the bytes are no BCF archive, or reading them hits a limit; nothing is kept.
    """
    permissions.require(actor, "comment", design)
    found = parsed_by(bcf_reader, content, max_bytes=MAX_BYTES)
    return _take(actor, design, found)


@transaction.atomic
def _take(actor: User, design: Design, found: Mapping[str, Any]) -> Taken:
    document = document_at(design, design.head)
    project = Project.objects.select_for_update().get(pk=design.project_id)
    known = {thread.guid: thread for thread in threads.threads_of(design)}
    topics = answers = settled = 0
    for topic in found["topics"]:
        guid = _guid(topic["guid"])
        thread = known.get(guid)
        if thread is None:
            thread = _opened(design, project, document, topic, guid)
            known[guid] = thread
            topics += 1
        new = _answered(thread, topic)
        answers += new
        settled += _settled(thread, topic)
        threads.announce(thread)
    taken = Taken(topics=topics, answers=answers, settled=settled)
    audit.record(actor=actor, action="comment.import", obj=design, detail={"result": taken.words})
    return taken


def _opened(
    design: Design,
    project: Project,
    document: Document,
    topic: Mapping[str, Any],
    guid: UUID,
) -> Thread:
    anchor, at = _pinned_to(document, topic)
    now = timezone.now()
    last = Thread.objects.filter(design__project=project).aggregate(last=Max("number"))["last"]
    made = _moment(topic["created_at"])
    return Thread.objects.create(
        guid=guid,
        design=design,
        number=(last or 0) + 1,
        revision=design.head,
        anchor=anchor,
        x_mm=at[0],
        y_mm=at[1],
        title=threads.title_of(topic["title"] or topic["description"] or "Without a title"),
        author_name=topic["author"] or "somebody",
        at=made,
        changed_at=now,
        due_on=_moment(topic["due_at"]).date() if topic["due_at"] else None,
        assignee=_known(topic["assigned_to"], project),
        bcf={"type": topic["type"], "priority": topic["priority"]},
    )


def _known(name: str, project: Project) -> User | None:
    """The person whom a file names by their name here or by their address, if there is one."""
    wanted = name.casefold()
    people = threads.people_of(project) if wanted else []
    return next(
        (each for each in people if wanted in {each.username.casefold(), each.email.casefold()}),
        None,
    )


def _pinned_to(
    document: Document, topic: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[float, float]]:
    """The element that a viewpoint selects, else the point of the plan that it looks at."""
    point = (0.0, 0.0)
    for view in topic["viewpoints"]:
        if view["camera"] is not None:
            point = _seen(view["camera"])
            break
    for view in topic["viewpoints"]:
        for guid in view["selected"]:
            id_ = element_id(guid)
            if id_ is not None and id_ in document.elements:
                origin = origin_of(document.elements[id_])
                return {"type": "element", "id": id_}, origin or point
    return {"type": "point"}, point


def _seen(camera: Mapping[str, Any]) -> tuple[float, float]:
    """Where the line of sight meets the floor; right below the eye when it never does. [mm]"""
    (x, y, z), (dx, dy, dz) = camera["eye_m"], camera["direction"]
    reach = -z / dz if dz < 0.0 and z > 0.0 else 0.0
    limit = 1e7
    return (
        max(-limit, min(limit, (x + dx * reach) * 1_000)),
        max(-limit, min(limit, (y + dy * reach) * 1_000)),
    )


def _answered(thread: Thread, topic: Mapping[str, Any]) -> int:
    """Add what was said since; a comment that is known by its name stays as it is."""
    known = set(thread.comments.values_list("guid", flat=True))
    said = list(topic["comments"])
    if topic["description"]:
        # What a topic is about stands beside its comments there; here it is the first of them.
        first = {
            "guid": str(uuid5(SPACE, f"{thread.guid} description")),
            "author": topic["author"],
            "at": topic["created_at"],
            "text": topic["description"],
        }
        said.insert(0, first)
    new = 0
    for comment in said:
        guid = _guid(comment["guid"])
        if guid in known or not comment["text"]:
            continue
        known.add(guid)
        new += 1
        Comment.objects.create(
            guid=guid,
            thread=thread,
            author_name=comment["author"] or "somebody",
            text=comment["text"],
            revision=thread.design.head,
            at=_moment(comment["at"]),
        )
    if new:
        thread.changed_at = timezone.now()
        thread.save(update_fields=["changed_at"])
    return new


def _settled(thread: Thread, topic: Mapping[str, Any]) -> int:
    """Take over whether somebody still waits for an answer."""
    if not topic["status"]:
        return 0
    is_closed = topic["status"].casefold() in STATUS_CLOSED
    state = Thread.State.RESOLVED if is_closed else Thread.State.OPEN
    if thread.state == state:
        return 0
    thread.state = state
    thread.save(update_fields=["state"])
    return 1


def _guid(text: str) -> UUID:
    """A name of the file as a UUID; what is none gets one that follows from it."""
    try:
        return UUID(text)
    except ValueError:
        return uuid5(SPACE, text)


def _moment(text: str) -> datetime:
    """A time of the file; now when it says none that can be read."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return timezone.now()
    return found if found.tzinfo else found.replace(tzinfo=UTC)
