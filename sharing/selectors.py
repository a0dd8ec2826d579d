"""Share links as their maker and their holder see them."""

from collections.abc import Container
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Action, Visitor, require, visible_projects
from audit.owners import owner_of
from layouts.models import Design
from reviews.models import Thread
from sharing.errors import LinkNotFound
from sharing.models import ShareLink


def links_of(design: Design) -> QuerySet[ShareLink]:
    """Every link of a design, ended ones too, newest first."""
    return ShareLink.objects.filter(design=design).select_related("made_by")


def link_to_revoke(actor: User, link_id: UUID) -> ShareLink:
    """A link, if the person may end it.

    Raises
    ------
    LinkNotFound
        If there is none, or none that the person may know of.
    NotAllowed
        If the person sees the design but may not share it.
    """
    link = (
        ShareLink.objects.filter(visible_projects(actor, "design__project"), pk=link_id)
        .select_related("design__project")
        .first()
    )
    if link is None:
        raise LinkNotFound()
    require(actor, "share", link.design)
    return link


def visit(
    link_id: UUID, opened: Container[str], action: Action = "view"
) -> tuple[ShareLink, Visitor]:
    """A link that a browser has opened before, and what its holder may do now.

    Raises
    ------
    LinkNotFound
        If there is no such link, the browser never opened it, or it has ended.
    NotAllowed
        If the link does not allow this.
    """
    link = (
        ShareLink.objects.filter(pk=link_id).select_related("design__project").first()
        if str(link_id) in opened
        else None
    )
    if link is None:
        raise LinkNotFound()
    visitor = visitor_of(link)
    require(visitor, action, link.design)
    return link, visitor


def visitor_of(link: ShareLink) -> Visitor:
    """The rights that a link gives to whoever holds it; none once it has ended."""
    actions: set[Action] = {"view"}
    if link.allows == ShareLink.Allows.COMMENT:
        actions.add("comment")
    owner = owner_of(link.design)
    return Visitor(
        name=f"holder of {link.name}",
        organisation_id=owner.organisation_id,
        design_id=link.design_id,
        actions=frozenset(actions) if link.is_live else frozenset(),
    )


def threads_by(link: ShareLink) -> list[Thread]:
    """What was said through a link, with every answer; nothing else that was said about it."""
    return list(link.threads.prefetch_related("comments").order_by("number"))
