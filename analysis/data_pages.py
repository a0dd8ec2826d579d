"""The shipped tables to read, row by row with their sources, and an organisation's own figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.models import Organisation
from accounts.permissions import can, organisations_of, require
from analysis.errors import TableNotFound
from analysis.models import OwnTable
from analysis.own_data import Kind, OwnDataInvalid, template
from analysis.own_tables import MAX_BYTES, import_own_table, remove_own_table
from engine.errors import NotFound
from engine.tables import table_rows
from engine.tokens.measurements import counts
from layouts.errors import FileRefused

PER_PAGE: Final = 60
LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """One shipped table: its file and what it holds."""

    name: str
    file: str
    title: str
    about: str


TABLES: Final = (
    Shipped(name="benchmark-points", file="benchmark_points.csv", title="Benchmark points",
            about="Measured throughput against the speed one user sees"),
    Shipped(name="cost-lines", file="cost_defaults.csv", title="Cost lines",
            about="Every cost, life, rate and operating factor with its range"),
    Shipped(name="sites", file="regions.csv", title="Sites",
            about="57 places: tariff, carbon, water, climate, build cost, law, round trips"),
    Shipped(name="gpu-systems", file="gpu_systems.csv", title="GPU systems",
            about="Specification, power, rents and fitted roofline"),
    Shipped(name="models", file="models.csv", title="Models", about="Dimensions of public models"),
    Shipped(name="electricity", file="electricity_prices.csv", title="Electricity prices",
            about="US states, history, continents, site contracts"),
    Shipped(name="hardware", file="hardware.csv", title="Hardware facts",
            about="Racks and plant, several sources to an item where they disagree"),
    Shipped(name="references", file="reference_prices.csv", title="Published prices",
            about="Costs and prices of others, each with its class of tokens"),
    Shipped(name="scaled", file="scaled_frontiers.csv", title="Scaled frontiers",
            about="Hardware without measurements of its own"),
    Shipped(name="country-risk", file="country_risk.csv", title="Country risk",
            about="Adder to the cost of capital"),
    Shipped(name="wages", file="wage_index.csv", title="Wages",
            about="Pay of site staff by country, which scales the staff line"),
    Shipped(name="thermal", file="thermal.csv", title="Cooling lines",
            about="Defaults of cooling and heat rejection"),
    Shipped(name="assumptions", file="assumptions.csv", title="Power and space lines",
            about="Defaults of power and space"),
)  # fmt: skip
BY_NAME: Final = {table.name: table for table in TABLES}
KINDS: Final[tuple[Kind, ...]] = ("points", "lines")


@require_safe
@login_required
def data_tables(request: HttpRequest) -> HttpResponse:
    """Every table, and what each organisation put over them."""
    user = cast(UserRequest, request).user
    return render(request, "analysis/data_tables.html", _listing(user))


@require_safe
@login_required
def data_table(request: HttpRequest, table: str) -> HttpResponse:
    """One table, sixty rows at a time.

    Raises
    ------
    TableNotFound
        If there is none of this name.
    """
    chosen = _table(table)
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    rows = table_rows(chosen.file)
    without = request.GET.get("points") == "direct"
    found = [
        row
        for row in rows
        if (not without or row.get("provenance") != "reconstructed") and _matches(row, words)
    ]
    pages = max((len(found) + PER_PAGE - 1) // PER_PAGE, 1)
    page = min(max(_page(request.GET.get("page", "")), 1), pages)
    columns = list(rows[0]) if rows else []
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    context = {
        "table": chosen,
        "tables": TABLES,
        "words": words,
        "without": without,
        "has_provenance": "provenance" in columns,
        "has_confidence": any("confidence" in column for column in columns),
        "columns": columns,
        "rows": [[(column, row[column]) for column in columns] for row in shown],
        "found": len(found),
        "total": len(rows),
        "page": page,
        "pages": pages,
    }
    return render(request, "analysis/data_table.html", context)


@require_safe
@login_required
def data_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty file of own figures, its columns named.

    Raises
    ------
    TableNotFound
        If there is no such kind.
    """
    response = HttpResponse(template(_kind(kind)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="own-{kind}.csv"'
    return response


@require_POST
@login_required
def import_data(request: HttpRequest, organisation_id: UUID, kind: str) -> HttpResponse:
    """Put a file over a shipped table; a bad file changes nothing and names its lines."""
    user = cast(UserRequest, request).user
    organisation = _organisation(request, organisation_id)
    chosen = _kind(kind)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, "Choose a file first.")
        return redirect("data-tables")
    try:
        table = import_own_table(
            actor=user,
            organisation=organisation,
            kind=chosen,
            file_name=str(upload.name),
            content=upload.read(MAX_BYTES + 1),
        )
    except (OwnDataInvalid, FileRefused) as error:
        context = {
            **_listing(user),
            "refused": {
                "file": upload.name,
                "detail": error.detail,
                "errors": error.context.get("errors", []),
            },
        }
        return render(request, "analysis/data_tables.html", context, status=422)
    messages.success(request, f"{len(table.rows):,} rows of {upload.name} are in use.")
    return redirect("data-tables")


@require_POST
@login_required
def remove_data(request: HttpRequest, organisation_id: UUID, kind: str) -> HttpResponse:
    """Let the shipped table stand alone again."""
    user = cast(UserRequest, request).user
    organisation = _organisation(request, organisation_id)
    remove_own_table(actor=user, organisation=organisation, kind=_kind(kind))
    messages.success(request, "The shipped figures are in use again.")
    return redirect("data-tables")


def _listing(user: Any) -> dict[str, Any]:
    own = {
        (table.organisation_id, table.kind): table
        for table in OwnTable.objects.filter(
            organisation__in=organisations_of(user)
        ).select_related("imported_by")
    }
    return {
        "tables": [(table, len(table_rows(table.file))) for table in TABLES],
        "provenances": sorted(counts().items()),
        "organisations": [
            {
                "organisation": organisation,
                "can_edit": can(user, "edit", organisation),
                "own": [
                    {
                        "kind": kind,
                        "label": OwnTable.Kind(kind).label,
                        "table": own.get((organisation.pk, kind)),
                        "rows": len(own[organisation.pk, kind].rows)
                        if (organisation.pk, kind) in own
                        else 0,
                    }
                    for kind in KINDS
                ],
            }
            for organisation in organisations_of(user).order_by("name")
        ],
    }


def _organisation(request: HttpRequest, organisation_id: UUID) -> Organisation:
    user = cast(UserRequest, request).user
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation, or you have no access to it.")
    require(user, "edit", organisation)
    return organisation


def _table(name: str) -> Shipped:
    if name not in BY_NAME:
        raise TableNotFound(f"There is no table named {name}.", table=name)
    return BY_NAME[name]


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind == name:
            return kind
    raise TableNotFound(f"Own figures are {' or '.join(KINDS)}.", kind=name)


def _page(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 6 else 1


def _matches(row: Mapping[str, str], words: str) -> bool:
    text = " ".join(row.values()).lower()
    return all(word in text for word in words.lower().split())
