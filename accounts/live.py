"""Telling a person's open sockets that their rights, or their session, are not what they were."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def group_of_person(user_id: UUID | str) -> str:
    """The channel-layer group of all sockets of a person."""
    return f"person.{UUID(str(user_id)).hex}"


def session_mark(session_key: str) -> str:
    """Tells a session's sockets which session is meant, without its key."""
    return salted_hmac("accounts.session-mark", session_key).hexdigest()


def rights_changed(user_ids: Iterable[UUID]) -> None:
    """Have every socket of some people look at their rights at once."""
    for user_id in user_ids:
        _send(user_id, {"type": "rights.changed"})


def session_ended(user_id: UUID, session_key: str) -> None:
    """Close the sockets of one session."""
    _send(user_id, {"type": "session.ended", "mark": session_mark(session_key)})


def notice_made(user_ids: Iterable[UUID]) -> None:
    """Have the open browsers of some people show that there is something new."""
    for user_id in user_ids:
        _send(user_id, {"type": "notice.made"})


def _send(user_id: UUID, message: Mapping[str, Any]) -> None:
    # What it tells is committed already: without a layer, sockets still ask every two seconds.
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of_person(user_id), dict(message))
    except (ChannelFull, RedisError, OSError) as error:
        logger.error("%s could not be told to person %s: %s", message["type"], user_id, error)
