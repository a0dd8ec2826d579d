"""The Celery app: a doorbell for jobs whose truth is a row in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")

app = Celery("plenum")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
