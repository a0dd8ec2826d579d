"""Reports: which revision, which format, and how far the file is."""

from django.db import models

from analysis.models import Evaluation, Job


class Format(models.TextChoices):
    """What a report can be written as."""

    PDF = "pdf", "Report (PDF)"
    CSV_RACKS = "csv-racks", "Rack list (CSV)"
    CSV_BOM = "csv-bom", "Bill of materials (CSV)"
    JSON = "json", "Design file (JSON)"


class SheetSize(models.TextChoices):
    """Paper of the plan sheet."""

    A3 = "A3", "A3"
    A1 = "A1", "A1"


class Report(Job):
    """A file about one revision, ordered by somebody; its bytes lie under `key` on disk."""

    format = models.CharField(max_length=12, choices=Format.choices)
    sheet = models.CharField(max_length=2, choices=SheetSize.choices)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+")
    talks = models.JSONField(default=list)  # what was said about the design when it was ordered
    size_bytes = models.PositiveBigIntegerField(null=True)
