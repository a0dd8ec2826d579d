"""Telling people, and what they do with what they were told."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.live import notice_made
from accounts.models import User
from accounts.permissions import can
from audit.owners import owner_of
from audit.services import record
from notices.models import Digest, Notice


@transaction.atomic
def notify(
    people: Iterable[User],
    *,
    kind: str,
    text: str,
    url: str,
    about: Model,
    actor: User | None = None,
    key: str = "",
) -> int:
    """Tell people about a thing; says how many were told.

    Left out are whoever did it, and whoever may not see the thing. With a `key`, nobody is
    told the same twice, however often this is called. `url` is a path of this site.
    """
    owner = owner_of(about)
    told = {person for person in people if person != actor and can(person, "view", about)}
    now = timezone.now()
    notices = [
        Notice(
            user=person,
            organisation_id=owner.organisation_id,
            project_id=owner.project_id,
            kind=Notice.Kind(kind),
            text=text[:300],
            url=url,
            key=key,
            at=now,
        )
        for person in sorted(told, key=lambda person: person.pk)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=bool(key))
    transaction.on_commit(partial(notice_made, [person.pk for person in told]))
    return len(told)


def read(*, user: User, notice: Notice) -> None:
    """Count a notice as read."""
    Notice.objects.filter(pk=notice.pk, user=user, read_at=None).update(read_at=timezone.now())


def read_all(*, user: User) -> int:
    """Count everything as read; says how much was not."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def want_digest(*, user: User, address: str) -> None:
    """Send a person an e-mail a day; without an address, none."""
    if address:
        Digest.objects.update_or_create(user=user, defaults={"address": address})
    else:
        Digest.objects.filter(user=user).delete()
    record(actor=user, action="digest.start" if address else "digest.stop", obj=user, detail={})
