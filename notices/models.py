"""What people are told: in the product, and once a day by e-mail if they want."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One thing that one person should know; unread until they look, mailed at most once."""

    class Kind(models.TextChoices):
        """What it is about."""

        MENTION = "mention", "Mention"
        ASSIGNED = "assigned", "Assigned"
        REVIEW = "review", "Review"
        DECISION = "decision", "Decision"
        JOB = "job", "Job"
        SHARED = "shared", "Shared"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    project_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300)  # a path of this site
    key = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "read_at"], name="notice_by_reader"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "key"],
                condition=~models.Q(key=""),
                name="one_notice_per_person_and_key",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Digest(models.Model):
    """A person's wish for an e-mail a day about what they have not read; without a row, none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="digest",
    )
    address = models.EmailField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address
