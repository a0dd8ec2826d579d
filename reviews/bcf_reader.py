"""Reads the topics of an untrusted BCF archive, in the confined child (`layouts.confinement`)."""

import io
import zipfile
import zlib
from typing import Any
from xml.etree import ElementTree as Xml
from xml.parsers import expat

from layouts.confinement import RefusedFile

VERSIONS = ("2.1", "3.0")
MAX_MEMBERS = 2_000
MAX_INFLATED = 300 * 1024 * 1024
MAX_XML = 8 * 1024 * 1024
MAX_RATIO = 200
MAX_DEPTH = 40
MAX_TOPICS = 500
MAX_COMMENTS = 2_000
MAX_SELECTED = 1_000
MAX_TEXT = 20_000
CHUNK = 1 << 16


class Archive:
    """A zip whose members are counted, named and measured before anything is read."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise RefusedFile("not-zip", "The file is no zip archive.") from error
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise RefusedFile("too-many-members", f"It holds more than {MAX_MEMBERS:,} files.")
        if sum(member.file_size for member in members) > MAX_INFLATED:
            raise RefusedFile("bomb", "Unpacked, it would be larger than an archive may be.")
        for member in members:
            parts = member.filename.replace("\\", "/").split("/")
            if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
                raise RefusedFile("path", "A name in it leads out of the archive.")
            if member.flag_bits & 1:
                raise RefusedFile("encrypted", "It is encrypted.")
            if member.file_size > MAX_RATIO * max(member.compress_size, 1_000):
                raise RefusedFile("bomb", "A file in it is packed too tightly to be honest.")
        self.names = [member.filename for member in members]

    def xml(self, name: str) -> Xml.Element:
        """The root of an XML member; declarations and entities are refused."""
        data = self._read(name)
        depth = 0

        def no_declaration(*_: object) -> None:
            raise RefusedFile("declaration", f"{name} declares a document type or entities.")

        def down(*_: object) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                raise RefusedFile("too-deep", f"{name} is nested too deeply.")

        def up(*_: object) -> None:
            nonlocal depth
            depth -= 1

        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = no_declaration
        parser.EntityDeclHandler = no_declaration
        parser.StartElementHandler = down
        parser.EndElementHandler = up
        try:
            parser.Parse(data, True)
            root = Xml.fromstring(data)
        except (expat.ExpatError, Xml.ParseError, ValueError, LookupError, OSError) as error:
            raise RefusedFile("damaged", f"{name} is no well-formed XML: {error}.") from error
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        return root

    def _read(self, name: str) -> bytes:
        parts, size = [], 0
        try:
            with self._zip.open(name) as member:
                while chunk := member.read(CHUNK):
                    size += len(chunk)
                    if size > MAX_XML:
                        raise RefusedFile("bomb", f"{name} is larger than it may be.")
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as error:
            raise RefusedFile("damaged", f"{name} cannot be unpacked.") from error
        return b"".join(parts)


def text(element: Xml.Element | None, path: str) -> str:
    """The text of a child, cut to what a text may be; empty when there is none."""
    if element is None:
        return ""
    found = element.findtext(path)
    return (found or "").strip()[:MAX_TEXT]


def number(element: Xml.Element, path: str) -> float:
    """A finite number of a child."""
    words = text(element, path)
    try:
        value = float(words)
    except ValueError:
        raise RefusedFile("damaged", f"{path} is {words[:40]!r}, which is no number.") from None
    if not abs(value) < 1e9:
        raise RefusedFile("damaged", f"{path} is out of range.")
    return value


def camera(root: Xml.Element) -> dict[str, Any] | None:
    """Where a viewpoint looks at, in metres; None without a camera."""
    for name in ("OrthogonalCamera", "PerspectiveCamera"):
        found = root.find(name)
        if found is not None:
            eye = [number(found, f"CameraViewPoint/{axis}") for axis in "XYZ"]
            along = [number(found, f"CameraDirection/{axis}") for axis in "XYZ"]
            return {"eye_m": eye, "direction": along}
    return None


def viewpoint(archive: Archive, folder: str, entry: Xml.Element) -> dict[str, Any]:
    """One viewpoint of a topic: its camera and what it selects."""
    name = text(entry, "Viewpoint")
    made: dict[str, Any] = {"guid": entry.get("Guid", ""), "camera": None, "selected": []}
    path = f"{folder}/{name}"
    if name and path in archive.names:
        root = archive.xml(path)
        made["camera"] = camera(root)
        chosen = root.findall("Components/Selection/Component")[:MAX_SELECTED]
        made["selected"] = [each.get("IfcGuid", "")[:64] for each in chosen]
    return made


def topic(archive: Archive, folder: str, version: str) -> dict[str, Any]:
    """One topic with its comments and viewpoints."""
    root = archive.xml(f"{folder}/markup.bcf")
    found = root.find("Topic")
    if found is None or not found.get("Guid"):
        raise RefusedFile("damaged", f"{folder}/markup.bcf holds no topic with a Guid.")
    if version == "2.1":
        comments, views = root.findall("Comment"), root.findall("Viewpoints")
    else:
        comments = found.findall("Comments/Comment")
        views = found.findall("Viewpoints/ViewPoint")
    return {
        "guid": found.get("Guid", "")[:64],
        "type": found.get("TopicType", "")[:200],
        "status": found.get("TopicStatus", "")[:200],
        "title": text(found, "Title"),
        "priority": text(found, "Priority")[:200],
        "description": text(found, "Description"),
        "author": text(found, "CreationAuthor")[:200],
        "created_at": text(found, "CreationDate")[:40],
        "due_at": text(found, "DueDate")[:40],
        "assigned_to": text(found, "AssignedTo")[:200],
        "comments": [
            {
                "guid": each.get("Guid", "")[:64],
                "author": text(each, "Author")[:200],
                "at": text(each, "Date")[:40],
                "text": text(each, "Comment"),
            }
            for each in comments[:MAX_COMMENTS]
        ],
        "viewpoints": [viewpoint(archive, folder, each) for each in views[:50]],
    }


def read(content: bytes) -> dict[str, Any]:
    """Every topic of an archive."""
    archive = Archive(content)
    if "bcf.version" not in archive.names:
        raise RefusedFile("not-bcf", "It is a zip, but holds no bcf.version.")
    version = archive.xml("bcf.version").get("VersionId", "")
    if version not in VERSIONS:
        raise RefusedFile("unsupported-version", f"It is BCF {version[:20]}; 2.1 and 3.0 are read.")
    folders = sorted(
        name.rpartition("/")[0] for name in archive.names if name.endswith("/markup.bcf")
    )
    if len(folders) > MAX_TOPICS:
        raise RefusedFile("too-many-topics", f"It holds more than {MAX_TOPICS:,} topics.")
    return {
        "version": version,
        "topics": [topic(archive, folder, version) for folder in folders],
    }
