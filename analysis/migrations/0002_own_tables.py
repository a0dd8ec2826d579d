import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("analysis", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="evaluation",
            name="level",
            field=models.CharField(
                choices=[("edit", "Edit"), ("study", "Study"), ("risk", "Risk")], max_length=10
            ),
        ),
        migrations.AlterField(
            model_name="study",
            name="kind",
            field=models.CharField(
                choices=[
                    ("heat-load", "Heat load 40–100 %"),
                    ("lose-one", "Every single loss"),
                    ("schedules", "Gates, bill of materials, rack list"),
                    ("comparison", "Comparison"),
                    ("economics", "Economics"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="OwnTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("points", "Benchmark points"), ("lines", "Cost lines")],
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("rows", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("imported_at", models.DateTimeField()),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "kind"),
                        name="one_own_table_per_organisation_and_kind",
                    )
                ],
            },
        ),
    ]
