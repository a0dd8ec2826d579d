"""Projects, designs, and the append-only log that a design is."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from layouts.canonical import EMPTY_STATE, hash_text

EMPTY_HASH = hash_text(EMPTY_STATE)


class Project(models.Model):
    """A folder of designs that belongs to one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="projects"
    )
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "id"]

    def __str__(self) -> str:
        return self.name


class Design(models.Model):
    """A layout: the state at `head`, which is what the revisions 1..head add up to.

    A branch is a design with a `parent`, whose revision `parent_revision` it started from.
    A protected design changes by merges only. A candidate holds what a merge would make,
    so that it can be evaluated and drawn first; lists leave it out.

    `products` holds catalogue records that came with an imported file and that the
    shipped catalogue does not have. The two `log_*` fields say how much of the log no
    snapshot covers yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="designs")
    name = models.CharField(max_length=200)
    head = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default=EMPTY_HASH)
    log_from = models.PositiveIntegerField(default=0)
    log_bytes = models.PositiveBigIntegerField(default=0)
    products = models.JSONField(default=dict)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="branches"
    )
    parent_revision = models.PositiveIntegerField(null=True)
    is_protected = models.BooleanField(default=False)
    is_candidate = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at", "id"]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """One accepted request. Never changed: a later revision takes an earlier one back.

    `edits` are the effective ones: from the state before, they lead to `state_hash`
    without a check. `answer` is what else the first try was told (refused edits, groups
    an undo left alone), so that a retry hears the same. A merge has a second parent: revision
    `merged_number` of the design `merged`.
    """

    class Kind(models.TextChoices):
        """What made the revision."""

        EDIT = "edit", "Edit"
        UNDO = "undo", "Undo"
        REDO = "redo", "Redo"
        RESTORE = "restore", "Restore"
        IMPORT = "import", "First content"
        MERGE = "merge", "Merge"

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()
    request_id = models.UUIDField()
    edits = models.JSONField()
    answer = models.JSONField(default=dict)
    state_hash = models.CharField(max_length=64)
    undo_of = models.PositiveIntegerField(null=True)
    merged = models.ForeignKey(Design, on_delete=models.SET_NULL, null=True, related_name="+")
    merged_number = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["design", "number"], name="one_revision_per_number"),
            models.UniqueConstraint(
                fields=["design", "request_id"], name="one_revision_per_request"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["design", "author", "number"], name="revision_by_author"),
            models.Index(fields=["design", "undo_of"], name="revision_by_undone"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"


class RefusedRequest(models.Model):
    """A request of which nothing could be applied: no revision, but the same answer again."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="refused_requests")
    request_id = models.UUIDField()
    number = models.PositiveIntegerField()  # the head it was refused at
    state_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["design", "request_id"], name="one_refusal_per_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} refused at {self.number}"


class Snapshot(models.Model):
    """All elements at one revision, so that reading needs the last stretch of the log only."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="snapshots")
    number = models.PositiveIntegerField()
    state_hash = models.CharField(max_length=64)
    content = models.BinaryField()  # zlib of the canonical JSON list of the elements
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["design", "number"], name="one_snapshot_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.design_id} at {self.number}"


class Version(models.Model):
    """A revision that got a name, to be found and referred to; it never moves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=2000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["design", "name"], name="one_version_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
