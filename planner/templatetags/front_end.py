"""Links to the built front end, for pages that must also work before it is built."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.core.exceptions import DjangoViteAssetNotFoundError
from django_vite.templatetags.django_vite import vite_asset

register = template.Library()


@register.simple_tag
def built(entry: str) -> SafeString:
    """The script and styles of an entry; without a build, a comment that says so.

    Server pages are complete without script, so a missing build costs them
    their looks and live charts, never their content.
    """
    try:
        link: SafeString = vite_asset(entry)
    except DjangoViteAssetNotFoundError:
        return format_html("<!-- {} is not built -->", entry)
    return link
