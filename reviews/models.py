"""Proposals to merge a branch, what people decided about them, and comments."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

DISCIPLINES = [
    (each, each.capitalize()) for each in ("space", "power", "cooling", "network", "cost")
]


class Proposal(models.Model):
    """The wish to bring a branch (`source`) back to the line it comes from (`target`).

    draft: its author still works on it. in_review: approvers are asked. merged, declined and
    withdrawn are ends; the last two can be reopened. `policy.TRANSITIONS` says who may move it.

    `candidate` at `candidate_revision` holds what the merge of `source_revision` into
    `target_revision` would make. While questions are open (`conflicts`), there is none.
    """

    class State(models.TextChoices):
        """Where a proposal stands."""

        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        MERGED = "merged", "Merged"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(
        "layouts.Project", on_delete=models.CASCADE, related_name="proposals"
    )
    number = models.PositiveIntegerField()
    source = models.ForeignKey("layouts.Design", on_delete=models.CASCADE, related_name="proposals")
    target = models.ForeignKey("layouts.Design", on_delete=models.CASCADE, related_name="+")
    candidate = models.ForeignKey(
        "layouts.Design", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    source_revision = models.PositiveIntegerField(default=0)
    target_revision = models.PositiveIntegerField(default=0)
    candidate_revision = models.PositiveIntegerField(null=True)
    conflicts = models.JSONField(default=list)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    merged_revision = models.PositiveIntegerField(null=True)
    report = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project", "number"], name="one_proposal_per_number"),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=("draft", "in_review")),
                name="one_open_proposal_per_branch",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


# What somebody did, in words; the detail of a step stands where the words leave room for it.
STEP_WORDS: Mapping[str, str] = {
    "open": "opened the proposal",
    "submit": "submitted it for review",
    "approve": "approved {detail}",
    "request_changes": "asked for changes of {detail}",
    "retract": "took back their word on {detail}",
    "decline": "declined it",
    "withdraw": "withdrew it",
    "reopen": "reopened it",
    "sign": "signed a waiver of {detail}",
    "merge": "merged it as {detail}",
}


class Step(models.Model):
    """One move of a proposal, kept for good: who, when, from where to where, and why."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="steps")
    move = models.CharField(max_length=20)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    detail = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    @property
    def words(self) -> str:
        """What was done, as one would say it after the name of who did it."""
        return STEP_WORDS[self.move].format(detail=self.detail)

    def __str__(self) -> str:
        return f"{self.move} at {self.at:%Y-%m-%d %H:%M}"


class Verdict(models.TextChoices):
    """What an approver says."""

    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes requested"


class Approval(models.Model):
    """What one approver said for one discipline, of exactly one candidate.

    It names the content by hash, its evaluation by key and the rule set by version. It never
    changes but for `retracted_at`. Whether it still holds is asked anew each time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="approvals")
    discipline = models.CharField(max_length=10, choices=DISCIPLINES)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    author_of_proposal = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    source_revision = models.PositiveIntegerField()
    target_revision = models.PositiveIntegerField()
    candidate_revision = models.PositiveIntegerField()
    candidate_hash = models.CharField(max_length=64)
    evaluation_key = models.CharField(max_length=64)
    rules = models.CharField(max_length=100)
    at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(approver=F("author_of_proposal")), name="nobody_approves_own_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.discipline}: {self.verdict}"


class Resolution(models.Model):
    """The answer to one conflict; it counts while the values it was asked about stand."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="resolutions")
    key = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64)
    side = models.CharField(max_length=10)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "key"], name="one_resolution_per_conflict"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.side}"


class Signature(models.Model):
    """The name of somebody with the right to it under one waiver, as its words stood then."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="signatures")
    element_id = models.CharField(max_length=36)
    waiver_hash = models.CharField(max_length=64)
    rule = models.CharField(max_length=200)
    reason = models.TextField()
    expires_on = models.DateField()
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["proposal", "waiver_hash"], name="one_signature_per_waiver"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} until {self.expires_on}"


class Approver(models.Model):
    """Who is asked for a discipline in a project: a person or a team.

    A discipline without approvers is open to everybody who may approve in the project.
    """

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey(
        "layouts.Project", on_delete=models.CASCADE, related_name="approvers"
    )
    discipline = models.CharField(max_length=10, choices=DISCIPLINES)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["discipline", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(team=None), name="approver_is_a_person_or_a_team"
            ),
            models.UniqueConstraint(
                fields=["project", "discipline", "user"], name="one_approver_per_person"
            ),
            models.UniqueConstraint(
                fields=["project", "discipline", "team"], name="one_approver_per_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.discipline}: {self.user or self.team}"


class Seen(models.Model):
    """When a person last said that they have seen what is new in a project."""

    id = models.BigAutoField(primary_key=True)
    project = models.ForeignKey("layouts.Project", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project", "user"], name="one_look_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.at:%Y-%m-%d %H:%M}"


class Thread(models.Model):
    """A conversation about one place of a design: open until somebody resolves it.

    `anchor` says what it is pinned to and `x_mm`, `y_mm` where that was when it was pinned:
    there the pin falls back to when its element is gone. `guid` is its name in BCF files.
    """

    class State(models.TextChoices):
        """Whether somebody still waits for an answer."""

        OPEN = "open", "Open"
        RESOLVED = "resolved", "Resolved"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guid = models.UUIDField(default=uuid.uuid4)
    design = models.ForeignKey("layouts.Design", on_delete=models.CASCADE, related_name="threads")
    proposal = models.ForeignKey(
        Proposal, on_delete=models.SET_NULL, null=True, related_name="threads"
    )
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    anchor = models.JSONField()
    x_mm = models.FloatField()
    y_mm = models.FloatField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    due_on = models.DateField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    bcf = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["design", "number"], name="one_thread_per_number"),
            models.UniqueConstraint(fields=["design", "guid"], name="one_thread_per_guid"),
        ]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """One answer in a thread; never changed. Without an author it came in a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guid = models.UUIDField(default=uuid.uuid4)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    text = models.TextField()
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentions")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thread", "guid"], name="one_comment_per_guid"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"
