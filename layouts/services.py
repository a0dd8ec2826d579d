"""Changing designs: every change is one revision, appended under the design's lock."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Organisation, User
from audit.services import record
from catalog.errors import CatalogInvalid
from catalog.loader import read_products
from catalog.selectors import shipped_products
from layouts import log, selectors
from layouts.canonical import quantised
from layouts.commands import apply_all
from layouts.design_file import placed_products
from layouts.document import Document, Element
from layouts.edits import Create, Edit
from layouts.errors import (
    DesignInvalid,
    EditConflict,
    PushTooLarge,
    SampleNotFound,
)
from layouts.fields import Problem, Text
from layouts.gate import parsed_json
from layouts.models import Design, Project, Revision
from layouts.samples import SAMPLES, sample_file
from layouts.schema import MAX_ELEMENTS, DesignFile, check_design_file
from layouts.wire import EditReader

SAMPLE_PROJECT = "Samples"

_NAME = Text(shortest=1, longest=200)


def checked_name(name: str) -> str:
    """A name for a project or a design, without blanks around it.

    Raises
    ------
    DesignInvalid
        If it is empty, too long or holds control characters.
    """
    name = " ".join(name.split())
    problems: list[Problem] = []
    _NAME.check(name, "name", problems)
    if problems:
        raise invalid("The name can not be used.", problems)
    return name


def invalid(detail: str, problems: Sequence[Problem]) -> DesignInvalid:
    """The error that lists problems."""
    return DesignInvalid(detail, errors=[problem.to_json() for problem in problems])


@transaction.atomic
def create_project(*, organisation: Organisation, name: str, actor: User | None = None) -> Project:
    """Make an empty project."""
    project = Project.objects.create(organisation=organisation, name=checked_name(name))
    record(actor=actor, action="project.create", obj=project)
    return project


@transaction.atomic
def create_design(
    *,
    project: Project,
    name: str,
    author: User,
    elements: Sequence[Element] = (),
    products: Mapping[str, Mapping[str, Any]] | None = None,
    label: str = "First content",
) -> Design:
    """Make a design and say so on the trail."""
    design = make_design(
        project=project,
        name=name,
        author=author,
        elements=elements,
        products=products,
        label=label,
    )
    detail = {"elements": len(elements), "label": label} if elements else {}
    record(actor=author, action="design.create", obj=design, detail=detail)
    return design


@transaction.atomic
def make_design(
    *,
    project: Project,
    name: str,
    author: User,
    elements: Sequence[Element] = (),
    products: Mapping[str, Mapping[str, Any]] | None = None,
    label: str = "First content",
) -> Design:
    """Make a design; elements, already checked, become its first revision.

    The trail is the caller's: what is made here may be an import, a branch or a merge.
    """
    design = Design.objects.create(
        project=project, name=checked_name(name), products=dict(products or {})
    )
    if elements:
        document = Document.of(elements)
        # Types stand before their copies, so that the revision reads like any other.
        in_order = sorted(document.in_order(), key=lambda one: one["kind"] != "module_type")
        log.append(
            design,
            document,
            [Create(element=element) for element in in_order],
            log.Entry(
                kind=Revision.Kind.IMPORT, base=0, label=label, author=author, request_id=uuid4()
            ),
        )
    return design


@transaction.atomic
def rename_design(*, design: Design, name: str, actor: User | None = None) -> Design:
    """Give a design another name; its log does not change."""
    former, design.name = design.name, checked_name(name)
    if design.name != former:
        design.save(update_fields=["name"])
        record(actor=actor, action="design.rename", obj=design, detail={"from": former})
    return design


def copy_design(*, project: Project, source: Design, name: str, author: User) -> Design:
    """Make a design that starts from the head of another one."""
    document = selectors.document_at(source, source.head)
    return create_design(
        project=project,
        name=name,
        author=author,
        elements=document.in_order(),
        products=source.products,
        label=f"Copy of {source.name}, revision {source.head}"[:200],
    )


def import_design(*, project: Project, content: bytes, author: User) -> Design:
    """Make a design from an uploaded design file.

    Raises
    ------
    FileRefused
        If the bytes are not JSON, or reading them hits a limit.
    DesignInvalid
        If the design has problems; lists all of them, and nothing is made.
    """
    found, problems = read_design_file(parsed_json(content))
    if found is None:
        count = len(problems)
        raise invalid(
            f"The file has {count} problem{'' if count == 1 else 's'}; nothing was imported.",
            problems,
        )
    with transaction.atomic():
        design = _design_from(project, found, author, f"Import of {found.name}")
        record(
            actor=author,
            action="design.import",
            obj=design,
            detail={"elements": len(found.elements), "sha256": sha256(content).hexdigest()},
        )
    return design


@transaction.atomic
def export_design(*, design: Design, number: int, actor: User) -> str:
    """The design file of a revision, for somebody who takes it away.

    Raises
    ------
    RevisionNotFound
        If the design has no such revision.
    """
    text = selectors.design_file(design, number)
    record(actor=actor, action="design.export", obj=design, detail={"revision": number})
    return text


def read_design_file(content: Any) -> tuple[DesignFile | None, list[Problem]]:
    """A checked design file whose products are all known, or every problem it has."""
    found, problems = check_design_file(content)
    raw = content.get("catalog", {}) if isinstance(content, Mapping) else {}
    records = raw.get("products", {}) if isinstance(raw, Mapping) else {}
    own: set[str] = set()
    if isinstance(records, Mapping):
        own = set(records)
        try:
            read_products((f"catalog.products.{id_}", record) for id_, record in records.items())
        except CatalogInvalid as error:
            listed = {(problem.path, problem.message) for problem in problems}
            problems += [
                Problem(each["path"], each["message"])
                for each in error.context["errors"]
                if (each["path"], each["message"]) not in listed
            ]
    if found is not None:
        known = own | shipped_products().keys()
        for index, element in enumerate(found.elements):
            for path, product_id in placed_products(element):
                if product_id not in known:
                    problems.append(
                        Problem(
                            f"elements[{index}].{path}",
                            f"names the product {product_id}, which neither the file "
                            "nor the catalogue has",
                        )
                    )
    return (None if problems else found), problems


def _design_from(project: Project, found: DesignFile, author: User, label: str) -> Design:
    shipped = shipped_products()
    own = {
        id_: record
        for id_, record in found.products.items()
        if id_ not in shipped or shipped[id_].to_json() != record
    }
    return make_design(
        project=project,
        name=found.name,
        author=author,
        elements=found.elements,
        products=own,
        label=label[:200],
    )


@transaction.atomic
def create_sample(*, project: Project, sample: str, author: User, name: str = "") -> Design:
    """Make a design from one of the shipped samples.

    Raises
    ------
    SampleNotFound
        If no sample has this name.
    """
    if sample not in SAMPLES:
        raise SampleNotFound(f"The samples are {', '.join(SAMPLES)}.", sample=sample)
    content = sample_file(sample)
    found, problems = read_design_file({**content, **({"name": name} if name else {})})
    if found is None:
        raise invalid(f"The sample {sample} has problems.", problems)
    design = _design_from(project, found, author, f"Sample {sample}")
    record(actor=author, action="design.create", obj=design, detail={"sample": sample})
    return design


@transaction.atomic
def seed_samples(organisation: Organisation, author: User) -> Project:
    """Make the project that a first start opens, with every shipped sample in it."""
    project = create_project(organisation=organisation, name=SAMPLE_PROJECT, actor=author)
    for sample in reversed(SAMPLES):
        create_sample(project=project, sample=sample, author=author)
    return project


@transaction.atomic
def append_edits(
    *,
    design: Design,
    base: int,
    edits: Sequence[Any],
    author: User,
    request_id: UUID,
    label: str = "",
    guards: Sequence[Mapping[str, Any]] = (),
) -> log.Outcome:
    """Append a batch of edits that was made while looking at revision `base`.

    The server's order decides: the last writer of a property group wins. An edit that
    does not fit is refused and the rest stands. Retrying with the same `request_id`
    returns what the first try was told. When this returns, the edits are committed.

    Raises
    ------
    EditConflict
        If a guard no longer holds.
    DesignInvalid
        If an edit is malformed; lists every problem, and nothing is applied.
    PushTooLarge
        If the design would outgrow its limit.
    """
    design = log.locked(design)
    if already := log.answered(design, request_id):
        return already
    document = selectors.document_at(design, design.head)
    parsed = _parsed(document, base, design.head, edits)
    _hold(document, guards)
    applied = apply_all(document, parsed)
    if len(applied.document.elements) > MAX_ELEMENTS:
        raise PushTooLarge(f"A design has at most {MAX_ELEMENTS:,} elements.")
    refused = [each.to_json() for each in applied.refused]
    if refused and not applied.effective:
        return log.refuse(design, request_id, refused)
    return log.append(
        design,
        applied.document,
        applied.effective,
        log.Entry(
            kind=Revision.Kind.EDIT,
            base=base,
            label=label,
            author=author,
            request_id=request_id,
            answer={"refused": refused},
        ),
    )


def _parsed(document: Document, base: int, head: int, edits: Sequence[Any]) -> list[Edit]:
    reader = EditReader(document)
    parsed = reader.read(edits)
    problems = reader.problems
    if not edits:
        problems.append(Problem("edits", "must hold at least one edit"))
    if not 0 <= base <= head:
        problems.append(Problem("base", f"must be a revision of this design, 0 to {head}"))
    if problems:
        raise invalid("The edits have problems; nothing was changed.", problems)
    return parsed


def _hold(document: Document, guards: Sequence[Mapping[str, Any]]) -> None:
    """Check that groups still are what the author of a request saw."""
    broken = []
    for guard in guards:
        element = document.elements.get(guard["id"], {})
        expected = guard["expect"]
        if element.get(guard["group"]) != (None if expected is None else quantised(expected)):
            broken.append({"id": guard["id"], "group": guard["group"]})
    if broken:
        raise EditConflict("Someone changed the same elements meanwhile.", changed=broken)
