"""What was done in an organisation, for its auditors and admins."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import selectors
from accounts.auth import UserRequest
from accounts.forms import TrailForm
from accounts.models import Organisation
from audit import formats
from audit.models import Event
from audit.selectors import Search, actions_of, events_of
from audit.services import record

PAGE = 100
COLUMNS = [field.attname for field in Event._meta.concrete_fields]


@require_safe
@login_required
def trail(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The rows that answer a search, newest first, a page at a time."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_to_audit(organisation_id, asked.user)
    form = TrailForm(request.GET)
    found = _found(organisation, form)
    before = form.cleaned_data.get("before")
    if before:
        found = found.filter(number__lt=before)
    rows = list(islice(found[: PAGE + 1], PAGE + 1))
    context = {
        "organisation": organisation,
        "tabs": selectors.tabs_of(asked.user),
        "rows": rows[:PAGE],
        "older": rows[PAGE - 1].number if len(rows) > PAGE else None,
        "form": form,
        "actions": actions_of(organisation.pk, selectors.member_ids_of(organisation)),
        "results": Event.Result.choices,
        "query": urlencode({k: v for k, v in request.GET.items() if k != "before" and v}),
    }
    return render(request, "accounts/trail.html", context)


@require_safe
@login_required
def trail_file(request: HttpRequest, organisation_id: UUID, extension: str) -> HttpResponse:
    """The rows that answer a search as a file, oldest first; taking them away is a row too."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_to_audit(organisation_id, asked.user)
    found = _found(organisation, TrailForm(request.GET)).order_by("number")
    record(
        actor=asked.user,
        action="trail.export",
        obj=organisation,
        detail={"format": extension, "search": request.GET.urlencode()},
    )
    response = StreamingHttpResponse(
        _lines(found, extension),
        content_type="text/csv" if extension == "csv" else "application/jsonl",
    )
    response["Content-Disposition"] = f'attachment; filename="trail.{extension}"'
    return cast(HttpResponse, response)


def _found(organisation: Organisation, form: TrailForm) -> QuerySet[Event]:
    # A field that cannot be read searches for nothing; the form says so beside it.
    form.is_valid()
    asked: dict[str, Any] = form.cleaned_data
    search = Search(
        text=asked.get("text", ""),
        action=asked.get("action", ""),
        result=asked.get("result", ""),
        from_on=asked.get("from_on"),
        to_on=asked.get("to_on"),
    )
    return events_of(organisation.pk, selectors.member_ids_of(organisation), search)


def _lines(found: QuerySet[Event], extension: str) -> Iterator[str]:
    rows = found.values(*COLUMNS).iterator(chunk_size=1000)
    return formats.as_csv(rows, COLUMNS) if extension == "csv" else formats.as_json_lines(rows)
