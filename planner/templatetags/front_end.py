"""Links to the built front end, for pages that must also work before it is built."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.templatetags.django_vite import vite_asset

register = template.Library()


@register.simple_tag
def built(entry: str) -> SafeString:
    """The script and styles of an entry; without a build, a comment that says so.

    Server pages are complete without script, so a missing build costs them
    the theme switch and live charts, never their content.
    """
    if not settings.DJANGO_VITE["default"]["manifest_path"].is_file():
        return format_html("<!-- {} is not built -->", entry)
    link: SafeString = vite_asset(entry)
    return link
