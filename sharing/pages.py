"""Pages around share links: a design's links, the way in by one, and what its holder sees."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import Visitor, can
from analysis import figures
from analysis.assemble import assemble
from analysis.models import State
from analysis.selectors import evaluation_at, result_of
from analysis.services import request_evaluation
from engine.errors import Invalid
from layouts.models import Design
from layouts.selectors import design_for, document_at, products_of
from reviews.overlay import Side
from sharing import selectors, services
from sharing.drawing import plan_of
from sharing.forms import LinkForm
from sharing.models import ShareLink

OPENED = "links"  # where a session keeps the links that its browser has opened
SHOWN = (
    "power.it_kw",
    "power.facility_kw",
    "cooling.liquid_kw",
    "cooling.air_kw",
    "energy.pue",
    "compute.gpus",
    "compute.tokens_per_s",
    "cost.usd_per_mtok",
)


@require_safe
@login_required
def links(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """The links of a design, and a form to make one."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "share")
    return _links_page(asked, design, LinkForm(initial={"revision": design.head}))


@require_POST
@login_required
def make_link(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Make a link and show it, this once."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "share")
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _links_page(asked, design, form, status=422)
    try:
        link, secret = services.make_link(actor=asked.user, design=design, **form.cleaned_data)
    except Invalid as error:
        form.add_error(error.context.get("field", "name"), error.detail)
        return _links_page(asked, design, form, status=422)
    # The holder may not ask for results: whoever shares a revision has it evaluated.
    request_evaluation(actor=asked.user, design=design, revision=link.revision)
    url = request.build_absolute_uri(f"/shared#{secret}")
    fresh = LinkForm(initial={"revision": design.head})
    return _links_page(asked, design, fresh, made=link, url=url)


@require_POST
@login_required
def revoke_link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """End a link now."""
    asked = cast(UserRequest, request)
    link = selectors.link_to_revoke(asked.user, link_id)
    services.revoke_link(actor=asked.user, link=link)
    return redirect("links", design_id=link.design_id)


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: HttpRequest) -> HttpResponse:
    """Exchange the secret of a link for a place in the session, so that no address holds it."""
    if request.method != "POST":
        return _private(render(request, "sharing/entrance.html"))
    link = services.open_link(secret=request.POST.get("key", ""))
    opened = [each for each in request.session.get(OPENED, []) if each != str(link.pk)]
    request.session[OPENED] = [*opened[-20:], str(link.pk)]
    return _private(redirect("shared", link_id=link.pk))


@require_safe
def shared(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """What the holder of a link sees: the plan, key figures and findings of one revision."""
    link, visitor = selectors.visit(link_id, request.session.get(OPENED, []))
    return _shared_page(request, link, visitor)


@require_POST
def say(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Comment through a link, or answer what was said through it."""
    link, visitor = selectors.visit(link_id, request.session.get(OPENED, []), "comment")
    fields = {name: request.POST.get(name, "") for name in ("name", "text", "place", "thread_id")}
    try:
        services.say(visitor=visitor, link=link, **fields)
    except Invalid as error:
        return _shared_page(request, link, visitor, error)
    return _private(redirect("shared", link_id=link.pk))


def _shared_page(
    request: HttpRequest, link: ShareLink, visitor: Visitor, error: Invalid | None = None
) -> HttpResponse:
    design, revision = link.design, link.revision
    document = document_at(design, revision)
    plant, _ = assemble(document, products_of(design))
    evaluation = evaluation_at(design, revision)
    result = result_of(evaluation) if evaluation and evaluation.state == State.DONE else None
    title = f"Plan of {design.name}, revision {revision}"
    context = {
        "link": link,
        "design": design,
        # Drawn by our own pen, which escapes every word.
        "plan": mark_safe(plan_of(Side(document=document, plant=plant), title)),
        "rows": figures.table(result, SHOWN) if result else [],
        "short": figures.short_words(result) if result else "",
        "findings": result["findings"][:200] if result else [],
        "has_result": result is not None,
        "can_comment": can(visitor, "comment", design),
        "threads": selectors.threads_by(link),
        "error": error,
        "name": request.POST.get("name", ""),
        "text": request.POST.get("text", "") if error else "",
        "place": request.POST.get("place", "") if error else "",
    }
    status = HTTPStatus.OK if error is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return _private(render(request, "sharing/shared.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    # Never told to another site; to this one it must be, or its forms would be refused.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _links_page(
    request: UserRequest,
    design: Design,
    form: LinkForm,
    *,
    made: ShareLink | None = None,
    url: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "design": design,
        "view": "links",
        "links": selectors.links_of(design),
        "form": form,
        "made": made,
        "url": url,
        "most_days": services.MAX_DAYS,
    }
    return _private(render(request, "sharing/links.html", context, status=status))
