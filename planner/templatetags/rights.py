"""What the reader of a page may do, for links that only some people can follow."""

from typing import Any

from django import template
from django.db.models import Model

from accounts.permissions import Action, can

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], action: Action, obj: Model) -> bool:
    """Whether the reader may do this; asks the one table that also refuses."""
    return can(context["request"].user, action, obj)
