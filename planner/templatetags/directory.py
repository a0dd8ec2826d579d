"""The organisation's own directory, where one is configured."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def directory() -> str:
    """What people call the directory that they may sign in with; empty without one."""
    return settings.OIDC_NAME if settings.OIDC_SERVER else ""
