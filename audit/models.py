"""The trail: who did what, when, to what, and how it ended. Rows are only ever added."""

import json
from typing import Any, ClassVar

from django.db import models

from audit.chain import START, Link, content_of


class Event(models.Model):
    """One thing that happened, sealed together with the row before it.

    The database refuses to change or delete a row (triggers, on SQLite and PostgreSQL).
    Rows name people and things by id and by the name they had then, without foreign keys:
    what they tell stays true when its subject is renamed or gone.
    """

    class Result(models.TextChoices):
        """How it ended."""

        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    organisation_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    result = models.CharField(max_length=10, choices=Result.choices)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_name = models.CharField(max_length=200, blank=True)
    detail = models.TextField(default="{}")  # canonical JSON: the text is what is sealed
    address_hash = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=20, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation_id", "number"], name="event_by_organisation"),
            models.Index(fields=["actor_id", "number"], name="event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"

    @property
    def link(self) -> Link:
        """The row as the chain sees it."""
        return Link(
            number=self.number,
            content=content_of(self.content()),
            previous=self.previous,
            digest=self.digest,
        )

    @property
    def details(self) -> dict[str, Any]:
        """The particulars as a value."""
        read: dict[str, Any] = json.loads(self.detail)
        return read

    def particulars(self) -> list[tuple[str, str]]:
        """The particulars in words, for a page."""
        return [
            (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
            for name, value in self.details.items()
            if value not in ([], "", None)
        ]

    def content(self) -> dict[str, Any]:
        """Everything that is sealed."""
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.attname not in ("previous", "digest")
        }


class Head(models.Model):
    """The last row of the trail: the one row that who writes next takes hold of."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=START)

    def __str__(self) -> str:
        return f"head at {self.number}"
