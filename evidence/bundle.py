"""An audit bundle: one revision with all that was decided about it, in one archive.

Pure. The archive re-evaluates without a server: the design file, the organisation's own
tables, the level and the day are in it, so the same engine gives the same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from platform import python_version
from typing import Any, Final

from analysis.assemble import assemble
from analysis.design_file import open_design
from analysis.own_data import own_data
from audit.chain import seal
from catalog.schema import Product
from engine.evaluate import evaluate
from engine.evaluation import MODEL_VERSION, VERSION
from evidence.errors import BundleInvalid

SCHEMA: Final = "plenum.bundle/1"
MANIFEST: Final = "manifest.json"
DESIGN, TABLES, EVALUATION = "design.json", "own-tables.json", "evaluation.json"
DECISIONS, COMMENTS, TRAIL = "decisions.json", "comments.json", "trail.jsonl"
PARTS: Final = (DESIGN, TABLES, EVALUATION, DECISIONS, COMMENTS, TRAIL)
MAX_PART_BYTES: Final = 64 * 1024 * 1024
LEVEL: Final = "edit"
# The archive's own clock, so that equal content is an equal archive.
STAMP: Final = (1980, 1, 1, 0, 0, 0)
LIBRARIES: Final = ("numpy", "scipy", "shapely")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The parts of an archive, by name, and what its manifest says about them."""

    manifest: Mapping[str, Any]
    parts: Mapping[str, bytes]


def text_of(value: Any) -> bytes:
    """A value as JSON that is the same whenever it is written."""
    return json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=str,
    ).encode()


def software() -> dict[str, str]:
    """What gave the figures, down to the libraries that numbers pass through."""
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "engine": VERSION,
        "model": str(MODEL_VERSION),
        "python": python_version(),
        **libraries,
    }


def evaluated(
    design: Any, tables: Mapping[str, Any], as_of: date, shipped: Mapping[str, Product]
) -> tuple[bytes, str]:
    """The evaluation of a parsed design file as bytes, and the state hash of its document."""
    found = open_design(design, shipped)
    plant, assumptions = assemble(
        found.document,
        found.products,
        name=found.name,
        rule_set=found.rule_set,
        own=own_data(tables),
    )
    result = evaluate(plant, assumptions, LEVEL, as_of=as_of).to_json()
    return text_of(result), found.document.state_hash


def archive(manifest: Mapping[str, Any], parts: Mapping[str, bytes]) -> bytes:
    """The archive of some parts; the manifest names the checksum of each."""
    sums = {name: hashlib.sha256(parts[name]).hexdigest() for name in PARTS}
    written = {MANIFEST: text_of({**manifest, "schema": SCHEMA, "files": sums}), **parts}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in (MANIFEST, *PARTS):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, written[name])
    return out.getvalue()


def opened(content: bytes) -> Bundle:
    """The parts of an archive that has them all, each as its manifest says.

    Raises
    ------
    BundleInvalid
        If it is no archive of ours, or a part is missing, too large or has another checksum.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = {name: _part(file, name) for name in (MANIFEST, *PARTS)}
        manifest = json.loads(parts.pop(MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, EOFError) as error:
        raise BundleInvalid(f"It cannot be opened: {error}.") from error
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise BundleInvalid(f"Its manifest is not of the kind {SCHEMA}.")
    sums = manifest.get("files")
    wrong = [
        name
        for name in PARTS
        if not isinstance(sums, dict) or sums.get(name) != hashlib.sha256(parts[name]).hexdigest()
    ]
    if wrong:
        raise BundleInvalid(
            f"These parts are not what the manifest says: {', '.join(wrong)}.", errors=wrong
        )
    return Bundle(manifest=manifest, parts=parts)


def _part(file: zipfile.ZipFile, name: str) -> bytes:
    # The size that an archive states is not believed: reading stops by itself.
    with file.open(name) as part:
        content = part.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise ValueError(f"{name} is too large")
    return content


def differences(bundle: Bundle, design: Any, shipped: Mapping[str, Product]) -> list[str]:
    """What of an open bundle does not hold when it is worked out again; empty if all does."""
    manifest = bundle.manifest
    tables = json.loads(bundle.parts[TABLES])
    as_of = date.fromisoformat(str(manifest["as_of"]))
    text, state_hash = evaluated(design, tables, as_of, shipped)
    found: list[str] = []
    if state_hash != manifest["state_hash"]:
        found.append(f"The design has the state {state_hash}, not {manifest['state_hash']}.")
    if text != bundle.parts[EVALUATION]:
        found.append("The evaluation has other bytes.")
        theirs, ours = manifest["software"], software()
        found += [
            f"It was evaluated with {name} {theirs.get(name)}; here is {ours[name]}."
            for name in ours
            if theirs.get(name) != ours[name]
        ]
    for proposal in json.loads(bundle.parts[DECISIONS])["proposals"]:
        found += [
            f"{approval['approver']} approved {approval['state_hash']} for "
            f"{approval['discipline']}, not what was merged."
            for approval in proposal["approvals"]
            if approval["holds"] and approval["state_hash"] != proposal["merged_state_hash"]
        ]
    for number, line in enumerate(bundle.parts[TRAIL].decode().splitlines(), start=1):
        row = json.loads(line)
        if seal(row["content"], row["previous"]) != row["digest"]:
            found.append(f"Row {number} of the trail was changed.")
    return found
