"""Writing the trail. Whoever lets something happen calls `record` in the same transaction."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from audit import origin, witness
from audit.chain import content_of, seal
from audit.models import Event, Head
from audit.owners import PERSONAL, owner_of

Result = Event.Result
MAX_DETAIL = 4_000


@transaction.atomic
def record(
    *,
    actor: Model | AnonymousUser | None,
    action: str,
    obj: Model | None = None,
    organisation_id: UUID | None = None,
    project_id: UUID | None = None,
    result: str = Result.DONE,
    detail: Mapping[str, Any] | None = None,
    actor_name: str = "",
) -> Event:
    """Write one row, last in the transaction of what it tells about: both stand, or neither.

    `obj` says what it was done to, and its owners say where it is filed. What a person does
    with their own things (a sign-in, a token) is filed under that person. Everybody who
    records waits here for whoever records at the same moment, so take other locks before,
    never after.
    """
    if obj is not None and organisation_id is None and obj._meta.model_name not in PERSONAL:
        owner = owner_of(obj)
        organisation_id, project_id = owner.organisation_id, owner.project_id
    head = Head.objects.select_for_update().get(pk=1)
    now_from = origin.current()
    event = Event(
        number=head.number + 1,
        at=timezone.now(),
        organisation_id=organisation_id,
        project_id=project_id,
        actor_id=actor.pk if isinstance(actor, Model) else None,
        actor_name=(actor_name or (str(actor) if isinstance(actor, Model) else ""))[:200],
        action=action,
        result=result,
        object_kind=str(obj._meta.verbose_name) if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_name=str(obj)[:200] if obj is not None else "",
        detail=_text(detail or {}),
        address_hash=now_from.address_hash,
        reference=now_from.reference,
        previous=head.digest,
    )
    event.digest = seal(content_of(event.content()), event.previous)
    event.save(force_insert=True)
    head.number, head.digest = event.number, event.digest
    head.save(update_fields=["number", "digest"])
    transaction.on_commit(partial(witness.note, event.number, event.digest))
    return event


def _text(detail: Mapping[str, Any]) -> str:
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
    if len(text) <= MAX_DETAIL:
        return text
    return json.dumps({"shortened": text[:MAX_DETAIL]}, ensure_ascii=False)
