"""Comments as a BCF archive, version 2.1 or 3.0: values in, bytes out. Pure.

BCF (buildingSMART) is a zip with one folder for each topic: `markup.bcf` says what was said,
`viewpoint.bcfv` where to look, `snapshot.png` what was seen. Plans look straight down with an
orthogonal camera; lengths are metres. The same topics give the same bytes.
"""

import io
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

BcfVersion = Literal["2.1", "3.0"]

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip knows
EYE_HEIGHT_M = 100.0
SPACE = uuid.UUID("5b2ad9a6-7f0e-5c43-9a58-6a1f5f2f9c11")  # of ids that follow from other ids
IFC_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"
OPEN, CLOSED = "Open", "Closed"
TYPES = ("Comment", "Finding", "Change")
MAX_SELECTED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One comment of a topic."""

    guid: uuid.UUID
    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic: a thread with a place and a picture of it."""

    guid: uuid.UUID
    server_id: str
    type: str
    is_open: bool
    title: str
    author: str
    created_at: datetime
    changed_at: datetime
    due_on: date | None
    assigned_to: str
    labels: tuple[str, ...]
    said: Sequence[Say]
    x_mm: float
    y_mm: float
    view_height_mm: float
    aspect: float  # width over height of the snapshot
    selected: tuple[str, ...]  # ids of elements
    snapshot: bytes  # PNG


def ifc_guid(id_: str) -> str:
    """The 22 characters that IFC writes a UUID in; equal ids give equal names for good."""
    value = uuid.UUID(id_).int
    digits = []
    for _ in range(22):
        value, rest = divmod(value, 64)
        digits.append(IFC_DIGITS[rest])
    return "".join(reversed(digits))


def element_id(guid: str) -> str | None:
    """The UUID behind an IFC name; None when it is none."""
    if len(guid) != 22 or guid[0] not in "0123" or any(each not in IFC_DIGITS for each in guid):
        return None
    value = 0
    for each in guid:
        value = value * 64 + IFC_DIGITS.index(each)
    return str(uuid.UUID(int=value))


def archive(topics: Iterable[Topic], version: BcfVersion) -> bytes:
    """The topics as an archive of one version."""
    topics = list(topics)
    files: dict[str, bytes] = {"bcf.version": _version(version)}
    if version == "3.0":
        files["extensions.xml"] = _extensions(topics)
    for topic in topics:
        files[f"{topic.guid}/markup.bcf"] = _markup(topic, version)
        files[f"{topic.guid}/viewpoint.bcfv"] = _viewpoint(topic, version)
        files[f"{topic.guid}/snapshot.png"] = topic.snapshot
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def view_guid(topic: Topic) -> uuid.UUID:
    """The name of a topic's viewpoint: another place is another viewpoint, as they never change."""
    return uuid.uuid5(SPACE, f"{topic.guid} {topic.x_mm:.1f} {topic.y_mm:.1f}")


def _document(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _element(name: str, content: str) -> str:
    return f"<{name}>{escape(content)}</{name}>" if content else ""


def _version(version: BcfVersion) -> bytes:
    detail = "<DetailedVersion>2.1</DetailedVersion>" if version == "2.1" else ""
    return _document(f'<Version VersionId="{version}">{detail}</Version>')


def _extensions(topics: Sequence[Topic]) -> bytes:
    users = sorted(
        {name for topic in topics for name in (topic.author, topic.assigned_to) if name}
        | {say.author for topic in topics for say in topic.said}
    )
    labels = sorted({label for topic in topics for label in topic.labels})
    lists = (
        ("TopicTypes", "TopicType", TYPES),
        ("TopicStatuses", "TopicStatus", (OPEN, CLOSED)),
        ("TopicLabels", "TopicLabel", labels),
        ("Users", "User", users),
    )
    body = "".join(
        f"<{name}>{''.join(_element(entry, each) for each in values)}</{name}>"
        for name, entry, values in lists
    )
    return _document(f"<Extensions>{body}</Extensions>")


def _markup(topic: Topic, version: BcfVersion) -> bytes:
    head = (
        f'<Topic Guid="{topic.guid}" ServerAssignedId={quoteattr(topic.server_id)} '
        f"TopicType={quoteattr(topic.type)} "
        f'TopicStatus="{OPEN if topic.is_open else CLOSED}">'
    )
    labels = "".join(
        _element("Label" if version == "3.0" else "Labels", each) for each in topic.labels
    )
    if version == "3.0" and labels:
        labels = f"<Labels>{labels}</Labels>"
    due = f"{topic.due_on.isoformat()}T00:00:00Z" if topic.due_on else ""
    facts = (
        _element("Title", topic.title)
        + labels
        + _element("CreationDate", _moment(topic.created_at))
        + _element("CreationAuthor", topic.author)
        + _element("ModifiedDate", _moment(topic.changed_at))
        + _element("ModifiedAuthor", topic.said[-1].author if topic.said else topic.author)
        + _element("DueDate", due)
        + _element("AssignedTo", topic.assigned_to)
    )
    view = view_guid(topic)
    said = "".join(
        f'<Comment Guid="{say.guid}">{_element("Date", _moment(say.at))}'
        f"{_element('Author', say.author)}{_element('Comment', say.text)}"
        f'<Viewpoint Guid="{view}"/></Comment>'
        for say in topic.said
    )
    files = "<Viewpoint>viewpoint.bcfv</Viewpoint><Snapshot>snapshot.png</Snapshot>"
    if version == "2.1":
        views = f'<Viewpoints Guid="{view}">{files}</Viewpoints>'
        return _document(f"<Markup>{head}{facts}</Topic>{said}{views}</Markup>")
    views = f'<Viewpoints><ViewPoint Guid="{view}">{files}</ViewPoint></Viewpoints>'
    inner = f"{facts}<Comments>{said}</Comments>{views}"
    return _document(f"<Markup>{head}{inner}</Topic></Markup>")


def _viewpoint(topic: Topic, version: BcfVersion) -> bytes:
    chosen = "".join(
        f'<Component IfcGuid="{ifc_guid(id_)}"/>' for id_ in topic.selected[:MAX_SELECTED]
    )
    selection = f"<Selection>{chosen}</Selection>" if chosen else ""
    aspect = f"<AspectRatio>{topic.aspect:.4f}</AspectRatio>" if version == "3.0" else ""
    eye = topic.x_mm / 1_000, topic.y_mm / 1_000, EYE_HEIGHT_M
    camera = (
        _vector("CameraViewPoint", eye)
        + _vector("CameraDirection", (0.0, 0.0, -1.0))
        + _vector("CameraUpVector", (0.0, 1.0, 0.0))
    )
    return _document(
        f'<VisualizationInfo Guid="{view_guid(topic)}">'
        f'<Components>{selection}<Visibility DefaultVisibility="true"/></Components>'
        f"<OrthogonalCamera>{camera}"
        f"<ViewToWorldScale>{topic.view_height_mm / 1_000:.4f}</ViewToWorldScale>{aspect}"
        f"</OrthogonalCamera></VisualizationInfo>"
    )


def _vector(name: str, value: tuple[float, float, float]) -> str:
    parts = "".join(f"<{axis}>{each:.4f}</{axis}>" for axis, each in zip("XYZ", value, strict=True))
    return f"<{name}>{parts}</{name}>"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
