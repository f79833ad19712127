import math

from django.db import migrations, models

from evaluators.metrics import METRICS


def private_keys_fill(apps, schema_editor):
    """The keys of the private board, from the scores of the evaluations that stand."""
    Standing = apps.get_model("leaderboards", "Standing")
    Score = apps.get_model("submissions", "Score")
    standings = Standing.objects.select_related("competition__task_version").order_by("pk")
    for standing in standings.iterator(chunk_size=500):
        metrics = standing.competition.task_version.spec["metrics"]
        scores = Score.objects.filter(evaluation_id=standing.evaluation_id, split="private")
        values = dict(scores.values_list("metric", "value"))

        def key(name):
            # A standing whose scores are gone comes last, until it is rebuilt.
            return METRICS[name].sort_key(values[name]) if name in values else math.inf

        standing.private_primary_key = key(metrics["primary"])
        secondary = next(iter(metrics["secondary"]), None)
        standing.private_secondary_key = key(secondary) if secondary else 0.0
        standing.save(update_fields=["private_primary_key", "private_secondary_key"])


class Migration(migrations.Migration):
    # PostgreSQL alters no table in the transaction that has just changed its rows.
    atomic = False

    dependencies = [
        ("competitions", "0003_boards"),
        ("leaderboards", "0001_initial"),
        ("submissions", "0001_initial"),
    ]

    operations = [
        migrations.AddField("standing", "private_primary_key", models.FloatField(null=True)),
        migrations.AddField("standing", "private_secondary_key", models.FloatField(null=True)),
        migrations.RunPython(private_keys_fill, migrations.RunPython.noop, atomic=True),
        migrations.AlterField("standing", "private_primary_key", models.FloatField()),
        migrations.AlterField("standing", "private_secondary_key", models.FloatField()),
        migrations.AddIndex(
            "standing",
            models.Index(
                fields=[
                    "competition",
                    "private_primary_key",
                    "private_secondary_key",
                    "artifact_size",
                    "submitted_at",
                    "id",
                ],
                name="standing_private_order",
            ),
        ),
    ]
