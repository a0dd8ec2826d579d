"""Edits as they arrive: untrusted JSON to checked values, all problems at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from layouts.canonical import length_mm, quantised
from layouts.commands import PATTERN
from layouts.document import Document
from layouts.edits import (
    ArrayCommand,
    Create,
    Delete,
    Edit,
    IdRange,
    Move,
    Primitive,
    RenumberCommand,
    SetGroup,
)
from layouts.fields import Items, Number, Problem, Record, Reference, Text, is_id, shown
from layouts.kinds import COORDINATE, KINDS
from layouts.schema import MAX_ELEMENTS, MAX_PROBLEMS, check_element, depth_problem

MAX_EDITS = 20_000

_ID = Reference()
_IDS = Items(of=_ID, longest=MAX_EDITS)
_GROUP_NAME = Text(shortest=1, longest=50)
_ARRAY = Record(
    required={
        "ids": _IDS,
        "offsets_mm": Items(of=Items(of=COORDINATE, longest=2), longest=MAX_EDITS),
        "new_ids": Items(of=_IDS, longest=MAX_EDITS),
    }
)
_RENUMBER = Record(
    required={
        "ids": _IDS,
        "pattern": Text(shortest=1, longest=100),
        "start": Number(minimum=0, maximum=1_000_000_000, integral=True),
    }
)


class EditReader:
    """Reads one push: the edits that are well formed and the problems of the others."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._new_kinds: dict[str, str] = {}

    def read(self, raw: Sequence[Any]) -> list[Edit]:
        """The edits of a push; they count only if there is no problem."""
        if len(raw) > MAX_EDITS:
            self._add("edits", f"must have at most {MAX_EDITS:,} entries")
            return []
        edits: list[Edit] = []
        for index, item in enumerate(raw):
            if len(self.problems) >= MAX_PROBLEMS:
                self._add("edits", f"has more than {MAX_PROBLEMS} problems")
                break
            edit = self._edit(item, f"edits[{index}]")
            if edit is not None:
                edits.append(edit)
        return edits

    def _add(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def _edit(self, item: Any, path: str) -> Edit | None:
        if not isinstance(item, Mapping):
            self._add(path, f"must be an object, not {shown(item)}")
            return None
        if found := depth_problem(item, path):
            self.problems.append(found)
            return None
        readers = {
            "create": self._create,
            "set": self._set,
            "delete": self._delete,
            "move": self._move,
            "command": self._command,
        }
        reader = readers.get(item["type"]) if isinstance(item.get("type"), str) else None
        if reader is None:
            self._add(f"{path}.type", f"is not a known edit: {shown(item.get('type'))}")
            return None
        return reader(item, path)

    def _delete(self, item: Mapping[str, Any], path: str) -> Edit | None:
        before = len(self.problems)
        rest = {key: value for key, value in item.items() if key != "type"}
        Record(required={"id": _ID}).check(rest, path, self.problems)
        return Delete(id=item["id"]) if len(self.problems) == before else None

    def _create(self, item: Mapping[str, Any], path: str) -> Edit | None:
        before = len(self.problems)
        element = item.get("element")
        check_element(element, f"{path}.element", self.problems)
        for key in item.keys() - {"type", "element"}:
            self._add(f"{path}.{shown(key)[1:-1]}", "is not a known field")
        if len(self.problems) > before or not isinstance(element, Mapping):
            return None
        kind = self._kind(element["id"])
        if kind not in (None, element["kind"]):
            self._add(f"{path}.element.kind", f"must stay {kind}: an id keeps its kind")
            return None
        self._new_kinds[element["id"]] = element["kind"]
        return Create(element=quantised(element))

    def _kind(self, id_: str) -> str | None:
        known = self._document.elements.get(id_)
        return known["kind"] if known is not None else self._new_kinds.get(id_)

    def _set(self, item: Mapping[str, Any], path: str) -> Edit | None:
        before = len(self.problems)
        for key in ("id", "group", "value"):
            if key not in item:
                self._add(f"{path}.{key}", "is missing")
        for key in item.keys() - {"type", "id", "group", "value"}:
            self._add(f"{path}.{shown(key)[1:-1]}", "is not a known field")
        if len(self.problems) > before:
            return None
        id_, group, value = item["id"], item["group"], item["value"]
        _ID.check(id_, f"{path}.id", self.problems)
        _GROUP_NAME.check(group, f"{path}.group", self.problems)
        if value is not None and not isinstance(value, Mapping):
            self._add(f"{path}.value", f"must be an object or null, not {shown(value)}")
        if len(self.problems) > before:
            return None
        kind = self._kind(id_)
        rule = KINDS[kind].group(group) if kind is not None else None
        if rule is None or value is None:
            return SetGroup(id=id_, group=group, value=None)
        rule.check(value, f"{path}.value", self.problems)
        if len(self.problems) > before:
            return None
        return SetGroup(id=id_, group=group, value=quantised(value))

    def _move(self, item: Mapping[str, Any], path: str) -> Edit | None:
        before = len(self.problems)
        rest = {key: value for key, value in item.items() if key not in ("type", "set")}
        Record(required={"dx_mm": COORDINATE, "dy_mm": COORDINATE}).check(rest, path, self.problems)
        members = self._set_of_ids(item.get("set"), f"{path}.set")
        if len(self.problems) > before:
            return None
        return Move(set=members, dx_mm=length_mm(item["dx_mm"]), dy_mm=length_mm(item["dy_mm"]))

    def _set_of_ids(self, value: Any, path: str) -> tuple[str | IdRange, ...]:
        if not isinstance(value, list) or not value:
            self._add(path, "must be a list of ids and of ranges [first, last, count]")
            return ()
        members: list[str | IdRange] = []
        for index, item in enumerate(value):
            if is_id(item):
                members.append(item)
            elif (
                isinstance(item, list)
                and len(item) == 3
                and is_id(item[0])
                and is_id(item[1])
                and isinstance(item[2], int)
                and 0 < item[2] <= MAX_ELEMENTS
            ):
                members.append((item[0], item[1], item[2]))
            else:
                self._add(f"{path}[{index}]", "must be an id or a range [first, last, count]")
        return tuple(members)

    def _command(self, item: Mapping[str, Any], path: str) -> Edit | None:
        before = len(self.problems)
        for key in item.keys() - {"type", "name", "args"}:
            self._add(f"{path}.{shown(key)[1:-1]}", "is not a known field")
        name, args = item.get("name"), item.get("args")
        if name == "array":
            _ARRAY.check(args, f"{path}.args", self.problems)
        elif name == "renumber":
            _RENUMBER.check(args, f"{path}.args", self.problems)
        else:
            self._add(f"{path}.name", f"is not a known command: {shown(name)}")
        if len(self.problems) > before or not isinstance(args, Mapping):
            return None
        return self._array(args, path) if name == "array" else self._renumber(args, path)

    def _array(self, args: Mapping[str, Any], path: str) -> Edit | None:
        ids, offsets, new_ids = args["ids"], args["offsets_mm"], args["new_ids"]
        before = len(self.problems)
        if len(set(ids)) != len(ids) or not ids:
            self._add(f"{path}.args.ids", "must name at least one element, each once")
        if any(len(offset) != 2 for offset in offsets):
            self._add(f"{path}.args.offsets_mm", "must hold pairs [dx, dy]")
        if len(new_ids) != len(offsets) or any(len(part) != len(ids) for part in new_ids):
            self._add(f"{path}.args.new_ids", "must hold, for each offset, one id per element")
        if len(ids) * len(offsets) > MAX_EDITS:
            self._add(f"{path}.args", f"makes more than {MAX_EDITS:,} copies")
        if len(self.problems) > before:
            return None
        for part in new_ids:
            for source, new_id in zip(ids, part, strict=True):
                kind = self._kind(source)
                if kind and self._new_kinds.setdefault(new_id, kind) != kind:
                    self._add(f"{path}.args.new_ids", f"uses {new_id} for two kinds")
                    return None
        return ArrayCommand(
            ids=tuple(ids),
            offsets_mm=tuple((length_mm(dx), length_mm(dy)) for dx, dy in offsets),
            new_ids=tuple(tuple(part) for part in new_ids),
        )

    def _renumber(self, args: Mapping[str, Any], path: str) -> Edit | None:
        if not PATTERN.search(args["pattern"]):
            self._add(f"{path}.args.pattern", "must contain {n} or {n:02}")
            return None
        return RenumberCommand(
            ids=tuple(args["ids"]), pattern=args["pattern"], start=int(args["start"])
        )


def stored_edit(stored: Mapping[str, Any]) -> Primitive:
    """An effective edit as the log keeps it; it was checked when it was written."""
    match stored["type"]:
        case "create":
            return Create(element=stored["element"])
        case "set":
            return SetGroup(id=stored["id"], group=stored["group"], value=stored["value"])
        case "delete":
            return Delete(id=stored["id"])
        case "move":
            return Move(
                set=tuple(
                    item if isinstance(item, str) else (item[0], item[1], item[2])
                    for item in stored["set"]
                ),
                dx_mm=stored["dx_mm"],
                dy_mm=stored["dy_mm"],
            )
        case other:
            raise ValueError(f"the log holds an edit of type {other!r}")
