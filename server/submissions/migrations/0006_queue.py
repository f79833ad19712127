from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def _attempts_failed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now each attempt but the one that runs was a failure."""
    evaluations = apps.get_model("submissions", "Evaluation").objects
    evaluations.filter(status="queued", attempt__gt=0).update(failures=F("attempt"))
    evaluations.filter(status__in=["running", "scoring"], attempt__gt=0).update(
        failures=F("attempt") - 1
    )


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0005_worker_trouble'),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluation',
            name='behind',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(_attempts_failed, migrations.RunPython.noop),
    ]
