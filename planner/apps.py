"""Django's handle on the project package, for its management commands."""

from django.apps import AppConfig


class PlannerConfig(AppConfig):
    """Registers the commands that run the project."""

    name = "planner"
