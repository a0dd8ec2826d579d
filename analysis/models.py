"""Jobs and their results: the rows are the truth, the broker only rings."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a job stands. The last four are final."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Refused"
    CANCELLED = "cancelled", "Cancelled"
    QUARANTINED = "quarantined", "Set aside"


FINAL_STATES = (State.DONE, State.FAILED, State.CANCELLED, State.QUARANTINED)


class Job(models.Model):
    """Work that was asked for, about one revision of one design.

    queued: nobody has it, either new or given back by a crash.
    running: one worker has it until `lease_until`; only the holder of `fencing` may end it.
    done: the answer lies under `key`. failed: the input was refused, `error` says why.
    cancelled: somebody did not want it any more. quarantined: three workers died of it.

    Equal `key` means equal answer: jobs of one key run one at a time, and once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    design = models.ForeignKey("layouts.Design", on_delete=models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fencing = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    owner = models.CharField(max_length=200, default="")
    progress = models.FloatField(default=0.0)
    error = models.JSONField(null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    rung_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["design", "revision", "key"], name="one_%(class)s_per_revision_and_key"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="running"), name="one_running_%(class)s_per_key"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="%(class)s_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.id} ({self.state})"

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more unless somebody asks again."""
        return self.state in FINAL_STATES

    @property
    def duration_s(self) -> float | None:
        """Seconds from the last claim to the end; None while there is no end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Level(models.TextChoices):
    """How deep an evaluation goes."""

    EDIT = "edit", "Edit"
    STUDY = "study", "Study"
    RISK = "risk", "Risk"


class Evaluation(Job):
    """The engine's verdict on one revision of a design, wanted or given."""

    level = models.CharField(max_length=10, choices=Level.choices)


class StudyKind(models.TextChoices):
    """A question about a revision that one evaluation does not answer."""

    HEAT_LOAD = "heat-load", "Heat load 40–100 %"
    LOSE_ONE = "lose-one", "Every single loss"
    SCHEDULES = "schedules", "Gates, bill of materials, rack list"
    COMPARISON = "comparison", "Comparison"
    ECONOMICS = "economics", "Economics"
    FABRIC = "fabric", "Fabric"
    RIDE_THROUGH = "ride-through", "After a loss"
    GENERATIONS = "generations", "Another generation of racks"
    SYSTEMS = "systems", "One-line diagram and loops"
    POWER = "power", "What the supply holds in reserve"
    COOLING = "cooling", "What the cooling holds in reserve"
    AVAILABILITY = "availability", "Availability of every load"


class Study(Job):
    """A longer look at one revision; a comparison also names the other side, the older one."""

    kind = models.CharField(max_length=20, choices=StudyKind.choices)
    other = models.ForeignKey(
        "layouts.Design", on_delete=models.CASCADE, null=True, related_name="+"
    )
    other_revision = models.PositiveIntegerField(null=True)


class Result(models.Model):
    """The answer to one key, for whoever asks, written once and never changed.

    `body` is the gzipped JSON; `digest` the SHA-256 of the JSON before compression.
    """

    key = models.CharField(primary_key=True, max_length=64)
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class OwnTable(models.Model):
    """An organisation's own rows over a shipped table: measured points, or cost lines.

    The last file imported stands; an organisation has at most one of a kind. `rows` are the
    checked rows as written, `digest` tells one content from another.
    """

    class Kind(models.TextChoices):
        """Which shipped table the rows stand over."""

        POINTS = "points", "Benchmark points"
        LINES = "lines", "Cost lines"

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_name = models.CharField(max_length=200)
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"], name="one_own_table_per_organisation_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"
