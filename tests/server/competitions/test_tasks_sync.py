import io

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from server.competitions.models import Competition, TaskVersion
from tests.server.tiny_task import tiny_task_write


def test_it_registers_prepared_tasks_once(
    competition: Competition, prepared_files: None, settings: Settings
) -> None:
    tiny_task_write(settings.TASKS_DIR, slug="unprepared")
    before = TaskVersion.objects.count()
    said = io.StringIO()
    call_command("tasks", "sync", stdout=said)
    call_command("tasks", "sync", stdout=said)
    assert TaskVersion.objects.count() == before
    version = TaskVersion.objects.get(data_version="e" * 64)
    assert version.parsed.title == "Halves"
    assert "python -m evaluators prepare unprepared" in said.getvalue()


def test_it_names_the_file_and_the_key_of_a_bad_task(
    competition: Competition, prepared_files: None, settings: Settings
) -> None:
    path = settings.TASKS_DIR / "halves" / "task.toml"
    path.write_text(path.read_text().replace("log_loss", "log_los"))
    with pytest.raises(CommandError, match=r"task\.toml[\s\S]*log_loss"):
        call_command("tasks", "sync")
