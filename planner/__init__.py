"""The project: wires the apps together and decides nothing."""

from planner.celery import app as celery_app

__all__ = ["celery_app"]
