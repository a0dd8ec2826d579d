"""The reviews app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Differences, proposals, approvals and comments."""

    name = "reviews"
