"""What a design file may contain: validation that finds everything, and JSON Schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layouts.canonical import quantised
from layouts.document import REFERENCE_GROUPS, Element, group_references, owner_of
from layouts.fields import ID_PATTERN, Number, Problem, Text, is_id, shown
from layouts.kinds import KINDS, POWER_KINDS

DESIGN_SCHEMA = "plenum.design/1"
MAX_ELEMENTS = 50_000
MAX_DEPTH = 12
MAX_PROBLEMS = 1_000

_NAME = Text(shortest=1, longest=200)
_REVISION = Number(minimum=0, maximum=1e9, integral=True)
_FILE_KEYS = ("schema", "name", "revision", "elements", "catalog", "rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignFile:
    """A checked design file."""

    name: str
    elements: Sequence[Element]
    products: Mapping[str, Mapping[str, Any]]
    rules: Mapping[str, Any]


def check_element(element: Any, path: str, problems: list[Problem]) -> None:
    """Add every problem of one element to the list."""
    if not isinstance(element, Mapping):
        problems.append(Problem(path, f"must be an object, not {shown(element)}"))
        return
    if "id" not in element:
        problems.append(Problem(f"{path}.id", "is missing"))
    elif not is_id(element["id"]):
        problems.append(
            Problem(f"{path}.id", f"must be a lower-case UUID, not {shown(element['id'])}")
        )
    kind_name = element.get("kind")
    if not isinstance(kind_name, str) or kind_name not in KINDS:
        problems.append(Problem(f"{path}.kind", f"is not a known kind: {shown(kind_name)}"))
        return
    kind = KINDS[kind_name]
    for name in kind.required:
        if name not in element:
            problems.append(Problem(f"{path}.{name}", f"is missing: a {kind_name} needs it"))
    for name, value in element.items():
        if name in ("id", "kind"):
            continue
        rule = kind.group(name)
        if rule is None:
            problems.append(
                Problem(f"{path}.{shown(name)[1:-1]}", f"is no group of the kind {kind_name}")
            )
        else:
            rule.check(value, f"{path}.{name}", problems)


def check_elements(elements: Any, path: str, problems: list[Problem]) -> None:
    """Add every problem of a whole set of elements to the list."""
    if not isinstance(elements, list):
        problems.append(Problem(path, f"must be a list, not {shown(elements)}"))
        return
    if len(elements) > MAX_ELEMENTS:
        problems.append(
            Problem(path, f"has {len(elements):,} elements; at most {MAX_ELEMENTS:,} are allowed")
        )
        return
    for index, element in enumerate(elements):
        if len(problems) >= MAX_PROBLEMS:
            problems.append(Problem(path, f"has more than {MAX_PROBLEMS} problems"))
            return
        check_element(element, f"{path}[{index}]", problems)
    _check_together(elements, path, problems)


def _check_together(elements: list[Any], path: str, problems: list[Problem]) -> None:
    """Unique ids, one site, and references that lead somewhere."""
    kinds: dict[str, str] = {}
    sites = 0
    for index, element in enumerate(elements):
        if not isinstance(element, Mapping) or not isinstance(element.get("id"), str):
            continue
        if element["id"] in kinds:
            problems.append(Problem(f"{path}[{index}].id", "is used by another element"))
        kinds[element["id"]] = str(element.get("kind"))
        sites += element.get("kind") == "site"
        if sites > 1 and element.get("kind") == "site":
            problems.append(Problem(f"{path}[{index}]", "is a second site; a design has one"))
    for index, element in enumerate(elements):
        if not isinstance(element, Mapping):
            continue
        for group in REFERENCE_GROUPS:
            value = element.get(group)
            if not isinstance(value, Mapping):
                continue
            for target in _safe_references(group, value):
                if target == element.get("id"):
                    fault: str | None = "refers to itself"
                else:
                    fault = reference_fault(group, target, kinds.get(owner_of(target)))
                if fault:
                    problems.append(Problem(f"{path}[{index}].{group}", fault))
    _check_supply(elements, path, problems)


def _check_supply(elements: list[Any], path: str, problems: list[Problem]) -> None:
    """Power that runs in a circle, said once for each circle."""
    if problems:
        return  # what is malformed is told first: links can be followed when all of them are sound
    sources: dict[str, str] = {}
    places: dict[str, str] = {}
    for index, element in enumerate(elements):
        links = {element["id"]: ("upstream", element.get("upstream"))}
        for slot, groups in element.get("overrides", {}).items():
            links[f"{element['id']}/{slot}"] = (
                f"overrides.{slot}.upstream",
                groups.get("upstream"),
            )
        for node, (group, value) in links.items():
            if value and value.get("source"):
                sources[node], places[node] = value["source"], f"{path}[{index}].{group}"
    done: set[str] = set()
    for start in sources:
        walked: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in walked:
            walked[at] = None
            at = sources.get(at)
        if at is not None and at in walked:
            problems.append(Problem(places[at], "leads back to itself: power runs in a circle"))
        done.update(walked)


def _safe_references(group: str, value: Mapping[str, Any]) -> list[str]:
    try:
        return [target for target in group_references(group, value) if isinstance(target, str)]
    except (AttributeError, TypeError):
        return []  # malformed: reported by the check of the element


def reference_fault(group: str, target: str, kind: str | None) -> str | None:
    """Why a reference leads nowhere useful, or None if it is good."""
    if kind is None:
        return f"refers to {target}, which does not exist"
    if group == "type":
        return None if kind == "module_type" else f"refers to {target}, which is no module type"
    if "/" in target:
        is_tap = kind == "module" and target.partition("/")[2].startswith("busway-")
        return None if is_tap else f"refers to {target}, which is no busway of a module"
    return None if kind in POWER_KINDS else f"refers to {target}, which feeds nothing"


def depth_problem(value: Any, path: str, depth: int = MAX_DEPTH) -> Problem | None:
    """The problem of a value nested too deeply, found without deep recursion."""
    if depth == 0:
        return Problem(path, f"is nested more than {MAX_DEPTH} levels deep")
    inner: Any = ()
    if isinstance(value, Mapping):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    for item in inner:
        if isinstance(item, Mapping | list) and (found := depth_problem(item, path, depth - 1)):
            return found
    return None


def check_design_file(content: Any) -> tuple[DesignFile | None, list[Problem]]:
    """The checked file with its numbers on the grid, or all of its problems."""
    problems: list[Problem] = []
    if not isinstance(content, Mapping):
        return None, [Problem("", f"must be an object, not {shown(content)}")]
    if found := depth_problem(content, ""):
        return None, [found]
    if content.get("schema") != DESIGN_SCHEMA:
        problems.append(
            Problem("schema", f'must be "{DESIGN_SCHEMA}", not {shown(content.get("schema"))}')
        )
    for key in content:
        if key not in _FILE_KEYS:
            problems.append(Problem(shown(key)[1:-1], "is not a known field"))
    if "name" in content:
        _NAME.check(content["name"], "name", problems)
    else:
        problems.append(Problem("name", "is missing"))
    if "revision" in content:
        _REVISION.check(content["revision"], "revision", problems)
    if "elements" in content:
        check_elements(content["elements"], "elements", problems)
    else:
        problems.append(Problem("elements", "is missing"))
    products = _checked_products(content.get("catalog", {}), problems)
    rules = content.get("rules", {})
    if not isinstance(rules, Mapping):
        problems.append(Problem("rules", f"must be an object, not {shown(rules)}"))
    if problems:
        return None, problems
    return (
        DesignFile(
            name=content["name"],
            elements=[quantised(element) for element in content["elements"]],
            products=products,
            rules=rules,
        ),
        [],
    )


def _checked_products(catalog: Any, problems: list[Problem]) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(catalog, Mapping):
        problems.append(Problem("catalog", f"must be an object, not {shown(catalog)}"))
        return {}
    products = catalog.get("products", {})
    if not isinstance(products, Mapping):
        problems.append(Problem("catalog.products", f"must be an object, not {shown(products)}"))
        return {}
    for key, record in products.items():
        if not isinstance(record, Mapping):
            problems.append(Problem(f"catalog.products.{key}", "must be an object"))
        elif record.get("id") != key:
            problems.append(Problem(f"catalog.products.{key}.id", "must be the same as its key"))
    return products


def design_json_schema() -> dict[str, Any]:
    """The JSON Schema of a design file."""
    definitions = {}
    for name, kind in KINDS.items():
        groups = {**kind.required, **kind.optional}
        definitions[name] = {
            "type": "object",
            "properties": {
                "id": {"type": "string", "pattern": ID_PATTERN},
                "kind": {"const": name},
                **{group: rule.json_schema() for group, rule in groups.items()},
            },
            "required": ["id", "kind", *kind.required],
            "additionalProperties": False,
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Plenum design",
        "description": "The elements of one design at one revision, with the products they use.",
        "type": "object",
        "properties": {
            "schema": {"const": DESIGN_SCHEMA},
            "name": _NAME.json_schema(),
            "revision": _REVISION.json_schema(),
            "elements": {
                "type": "array",
                "maxItems": MAX_ELEMENTS,
                "items": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in KINDS]},
            },
            "catalog": {
                "type": "object",
                "properties": {
                    "products": {"type": "object", "additionalProperties": {"type": "object"}}
                },
            },
            "rules": {"type": "object"},
        },
        "required": ["schema", "name", "elements"],
        "additionalProperties": False,
        "$defs": definitions,
    }
