"""Badges that say how far a figure can be trusted, and their legend."""

from collections.abc import Collection

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from engine.confidence import CONFIDENCES, Confidence, word_for

register = template.Library()


@register.simple_tag
def badge(confidence: str, *cited: object) -> SafeString:
    """The badge of a figure; nothing for a figure whose confidence nobody stated.

    What is `cited` (source, year) stands before the meaning when one points at the badge.
    """
    if not confidence:
        return SafeString()
    known = CONFIDENCES.get(confidence)
    parts = (", ".join(str(part) for part in cited), known.meaning if known else "")
    return format_html(
        '<span class="badge" data-confidence="{}" title="{}">{}</span>',
        confidence,
        ". ".join(part for part in parts if part),
        word_for(confidence),
    )


@register.inclusion_tag("_trust_legend.html")
def trust_legend() -> dict[str, Collection[Confidence]]:
    """What the badges of a page mean."""
    return {"degrees": CONFIDENCES.values()}
