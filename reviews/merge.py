"""Bringing two lines together: three-way, by property group, against what both had. Pure.

`ours` is the line that takes the merge, `theirs` the one that is merged. A group that one
side left alone takes the other's value. There is a conflict only where both gave the same
group different values, where one deleted what the other changed or newly refers to, and
where both gave one thing of which there is only one to different elements: a tag, the site,
or a port, which in a drawing is the side of a power element that its one feeder arrives at.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from layouts.canonical import canonical
from layouts.document import Document, Draft, Element, owner_of
from layouts.edits import label_of, released, with_group
from reviews.diff import differing_groups

Side = Literal["ours", "theirs"]
Why = Literal["different-values", "delete-meets-edit", "taken-twice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One question that only a person can answer.

    `group`: None for the whole element. `base`, `ours` and `theirs` are the values to choose
    from, None for absent. `fingerprint` says which values the question was about: an answer
    to other values does not count.
    """

    key: str
    why: Why
    id: str
    group: str | None
    label: str
    base: Any
    ours: Any
    theirs: Any
    detail: str
    choices: tuple[Side, ...] = ("ours", "theirs")

    @property
    def fingerprint(self) -> str:
        """A digest of the values to choose from."""
        return hashlib.sha256(
            canonical([self.why, self.base, self.ours, self.theirs]).encode()
        ).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "key": self.key,
            "why": self.why,
            "id": self.id,
            "group": self.group,
            "label": self.label,
            "base": self.base,
            "ours": self.ours,
            "theirs": self.theirs,
            "detail": self.detail,
            "choices": list(self.choices),
            "fingerprint": self.fingerprint,
        }


# Groups that are tables of values of their own, and how deep: what one line writes in one part
# does not touch another part. Overrides go by slot and group, assumptions by line.
PARTS: Mapping[str, int] = {"overrides": 2, "assumptions": 1}

Answers = Mapping[str, tuple[str, Side]]
"""For the key of a conflict, the fingerprint it was asked with and the side that was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What a merge comes to: where questions are open, `document` keeps our side of them."""

    document: Document
    open: tuple[Conflict, ...]
    answered: tuple[tuple[Conflict, Side], ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.open


def merge(base: Document, ours: Document, theirs: Document, answers: Answers) -> Merge:
    """Bring two documents together that both come from `base`."""
    work = _Work(base, ours, theirs, answers)
    work.merge_elements()
    work.settle_references()
    work.settle_claims()
    return Merge(
        document=work.draft.document(), open=tuple(work.open), answered=tuple(work.answered)
    )


class _Work:
    """A merge half done."""

    def __init__(self, base: Document, ours: Document, theirs: Document, answers: Answers) -> None:
        self.base, self.ours, self.theirs = base.elements, ours.elements, theirs.elements
        self.draft = Draft(ours)
        self.answers = answers
        self.open: list[Conflict] = []
        self.answered: list[tuple[Conflict, Side]] = []
        self._asked: dict[str, Side] = {}

    def ask(self, conflict: Conflict) -> Side:
        """The side that was chosen; ours while the question is open."""
        if conflict.key not in self._asked:
            self._asked[conflict.key] = self._answer(conflict)
        return self._asked[conflict.key]

    def _answer(self, conflict: Conflict) -> Side:
        fingerprint, side = self.answers.get(conflict.key, ("", "ours"))
        if fingerprint != conflict.fingerprint or side not in conflict.choices:
            self.open.append(conflict)
            return "ours"
        self.answered.append((conflict, side))
        return side

    # --- Elements and their groups

    def merge_elements(self) -> None:
        """Take what they changed, asking where we changed it too."""
        touched = [
            id_
            for id_ in self.base.keys() | self.theirs.keys()
            if self.base.get(id_) != self.theirs.get(id_)
        ]
        for id_ in sorted(touched):
            base, ours, theirs = self.base.get(id_), self.ours.get(id_), self.theirs.get(id_)
            if ours == theirs:
                continue
            if ours == base:
                self._put(id_, theirs)
            elif ours is None or theirs is None or ours["kind"] != theirs["kind"]:
                self._ask_about_element(id_, base, ours, theirs)
            else:
                self._merge_groups(id_, base or {}, ours, theirs)

    def _put(self, id_: str, element: Element | None) -> None:
        if element is not None:
            self.draft.put(element)
        elif id_ in self.draft.elements:
            self.draft.drop(id_)

    def _ask_about_element(
        self, id_: str, base: Element | None, ours: Element | None, theirs: Element | None
    ) -> None:
        present = ours or theirs or {}
        changed = ", ".join(differing_groups(base or {}, present))
        if ours is None:
            detail = f"This line deleted it; the branch changed its {changed}."
        elif theirs is None:
            detail = f"The branch deleted it; this line changed its {changed}."
        else:
            detail = "Both lines replaced it by something of another kind."
        conflict = Conflict(
            key=id_,
            why="delete-meets-edit",
            id=id_,
            group=None,
            label=label_of(present),
            base=base,
            ours=ours,
            theirs=theirs,
            detail=detail,
        )
        if self.ask(conflict) == "theirs":
            self._put(id_, theirs)

    def _merge_groups(self, id_: str, base: Element, ours: Element, theirs: Element) -> None:
        merged = ours
        for group in differing_groups(base, theirs):
            old, mine, other = base.get(group), ours.get(group), theirs.get(group)
            if mine == other:
                continue
            if mine != old:
                chosen = self._merge_value(ours, group, PARTS.get(group, 0), (old, mine, other))
                if chosen == mine:
                    continue
                merged = with_group(merged, group, chosen)
            else:
                merged = with_group(merged, group, other)
        if merged is not ours:
            self.draft.put(merged)

    def _merge_value(
        self, element: Element, path: str, depth: int, values: tuple[Any, Any, Any]
    ) -> Any:
        """What a value that both sides changed becomes: part by part where it has parts."""
        old, mine, other = values
        if depth and mine is not None and other is not None:
            old = old or {}
            made = dict(mine)
            for name in sorted(old.keys() | other.keys()):
                parts = old.get(name), mine.get(name), other.get(name)
                if parts[2] in (parts[0], parts[1]):
                    continue
                value = parts[2]
                if parts[1] != parts[0]:
                    value = self._merge_value(element, f"{path}.{name}", depth - 1, parts)
                made[name] = value
            return {name: value for name, value in made.items() if value is not None}
        group = path.partition(".")[0]
        conflict = Conflict(
            key=f"{element['id']}.{path}",
            why="different-values",
            id=element["id"],
            group=group,
            label=label_of(element),
            base=old,
            ours=mine,
            theirs=other,
            detail=f"Both lines gave it another {path.replace('_', ' ').replace('.', ', ')}.",
        )
        return mine if self.ask(conflict) == "ours" else other

    # --- References to what the other side deleted

    def settle_references(self) -> None:
        """Ask where one side deleted what the other newly refers to."""
        elements, referrers = self.draft.elements, self.draft.referrers
        # An element that is kept may itself refer to something that went.
        while gone := sorted(target for target in referrers if target not in elements):
            for target in gone:
                if target not in elements and target in referrers:
                    self._settle(target, sorted(referrers[target]))

    def _settle(self, target: str, referrers: list[str]) -> None:
        ours, theirs = self.ours.get(target), self.theirs.get(target)
        present = ours or theirs or self.base[target]
        names = [label_of(self.draft.elements[id_]) for id_ in referrers]
        is_type = present["kind"] == "module_type"
        keeps: Side = "ours" if ours is not None else "theirs"
        conflict = Conflict(
            key=f"{target}<",
            why="delete-meets-edit",
            id=target,
            group=None,
            label=label_of(present),
            base=self.base.get(target),
            ours=ours,
            theirs=theirs,
            detail=f"One line deleted it; on the other, {', '.join(names[:3])}"
            f"{f' and {len(names) - 3} more' if len(names) > 3 else ''} refer to it.",
            # The copies of a module type cannot live without it.
            choices=(keeps,) if is_type else ("ours", "theirs"),
        )
        side = self.ask(conflict)
        kept = ours if side == "ours" else theirs
        if kept is None and is_type:
            kept = present
        if kept is not None:
            self.draft.put(kept)
            return
        for id_ in referrers:
            for change in released(self.draft.elements[id_], target):
                self.draft.put(with_group(self.draft.elements[id_], change.group, change.value))

    # --- Things of which there is only one

    def settle_claims(self) -> None:
        """Ask where both sides gave one name or place to different elements."""
        holders: dict[tuple[str, str], list[str]] = {}
        for id_, element in self.draft.elements.items():
            for claim in _claims(element):
                holders.setdefault(claim, []).append(id_)
        for claim, ids in sorted(holders.items()):
            mine = [id_ for id_ in sorted(ids) if self._is_new(self.ours, id_, claim)]
            other = [id_ for id_ in sorted(ids) if self._is_new(self.theirs, id_, claim)]
            for first, second in zip(mine, other, strict=False):
                if first != second:
                    self._ask_about_claim(claim, first, second)

    def _is_new(self, side: Mapping[str, Element], id_: str, claim: tuple[str, str]) -> bool:
        now, before = side.get(id_), self.base.get(id_)
        return (
            now is not None
            and claim in _claims(now)
            and (before is None or claim not in _claims(before))
        )

    def _ask_about_claim(self, claim: tuple[str, str], first: str, second: str) -> None:
        if first not in self.draft.elements or second not in self.draft.elements:
            return  # an earlier answer took one of them away
        ours, theirs = self.draft.elements[first], self.draft.elements[second]
        sort, name = claim
        what = f"the {sort} {name}" if name else f"the one {sort}"
        if sort == "feeder":
            what = f"the incoming side of the {self._named(name)}"
        conflict = Conflict(
            key=f"{sort}={name}",
            why="taken-twice",
            id=second,
            group="identity" if sort == "tag" else None,
            label=label_of(theirs),
            base=None,
            ours={"id": first, "identity": ours.get("identity")},
            theirs={"id": second, "identity": theirs.get("identity")},
            detail=f"Both lines gave {what} away: this line to the {label_of(ours)}, "
            f"the branch to the {label_of(theirs)}.",
        )
        loser = first if self.ask(conflict) == "theirs" else second
        if sort in {"site", "feeder"}:
            self.draft.drop(loser)
            return
        element = self.draft.elements[loser]
        identity = {**element["identity"], "tag": self._free_tag(name)}
        self.draft.put(with_group(element, "identity", identity))

    def _named(self, id_: str) -> str:
        element = self.draft.elements.get(owner_of(id_))
        return label_of(element) if element is not None else "element that is gone"

    def _free_tag(self, tag: str) -> str:
        taken = {name for each in self.draft.elements.values() for _, name in _claims(each)}
        number = 2
        while f"{tag}-{number}" in taken:
            number += 1
        return f"{tag}-{number}"


def _claims(element: Element) -> Iterator[tuple[str, str]]:
    """What only one element of a design may have."""
    if element["kind"] == "site":
        yield ("site", "")
    if element["kind"] == "feeder":
        yield ("feeder", str(element["feeder"]["to"]))
    if tag := (element.get("identity") or {}).get("tag"):
        yield ("tag", str(tag))
