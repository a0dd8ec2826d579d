"""Messages to everyone who has a design open.

A doorbell: no truth travels only this way. A browser that misses one notices the gap
in the numbers and asks over HTTP.
"""

import logging
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def group_of(design_id: UUID | str) -> str:
    """The channel-layer group of the sockets that have a design open."""
    return f"design.{UUID(str(design_id)).hex}"


def publish(design_id: UUID | str, message: dict[str, Any]) -> None:
    """Send a message to all sockets of a design.

    What it tells about is committed already, so a layer that is down must not fail
    the caller: it is logged, and the browsers find out by themselves.
    """
    _send(design_id, {"type": "design.message", "message": message}, message["type"])


def rights_changed(design_id: UUID | str) -> None:
    """Have everybody who has a design open look at what they may do there."""
    _send(design_id, {"type": "rights.changed"}, "change of rights")


def _send(design_id: UUID | str, event: dict[str, Any], what: str) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(design_id), event)
    except (ChannelFull, RedisError, OSError) as error:
        logger.error("no %s announced for design %s: %s", what, design_id, error)
