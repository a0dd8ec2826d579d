"""What a person was told."""

from functools import partial

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Membership, User
from accounts.permissions import organisations_of, visible_project_ids
from notices.errors import NoticeNotFound
from notices.models import Digest, Notice


def notices_of(user: User) -> QuerySet[Notice]:
    """What a person was told and may still know, newest first."""
    memberships = Membership.objects.filter(user=user, is_suspended=False)
    seen = Q(organisation__in=organisations_of(user)) | Q(project_id__in=visible_project_ids(user))
    return Notice.objects.filter(
        seen, user=user, organisation_id__in=memberships.values("organisation_id")
    )


def unread_count(user: User) -> int:
    """How much a person has not looked at."""
    return notices_of(user).filter(read_at=None).count()


def notice_for(user: User, notice_id: int) -> Notice:
    """One of a person's own notices.

    Raises
    ------
    NoticeNotFound
        If the person has none like that.
    """
    notice = notices_of(user).filter(pk=notice_id).first()
    if notice is None:
        raise NoticeNotFound()
    return notice


def digest_of(user: User) -> Digest | None:
    """Where a person wants their daily e-mail, if they do."""
    return Digest.objects.filter(user=user).first()


def bell(request: HttpRequest) -> dict[str, object]:
    """For every page: how much its reader has not looked at, counted when the page shows it."""
    # A request that a middleware turned away has no user yet, and its error page asks too.
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"unread_notices": SimpleLazyObject(partial(unread_count, user))}
