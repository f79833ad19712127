"""Starting with the settings of each place, as processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "SECRET_KEY": "a-long-one-of-the-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "spring.example.org",
}


def _manage(
    var: Path, *arguments: str, settings: str = "dev", **changes: str
) -> subprocess.CompletedProcess[str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept
        | {"DJANGO_SETTINGS_MODULE": f"server.settings.{settings}", "SPRINGBOARD_VAR": str(var)}
        | changes,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_fresh_machine_needs_nothing_but_migrate(tmp_path: Path) -> None:
    done = _manage(tmp_path / "var", "migrate", "-v0")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    secret = tmp_path / "var" / "secret" / "django_key"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var" / "db.sqlite3").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var" / "storage").stat().st_mode & 0o777 == 0o700
    key = secret.read_text()
    assert _manage(tmp_path / "var", "check").returncode == 0
    assert secret.read_text() == key


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_without(missing: str, tmp_path: Path) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != missing}
    done = _manage(tmp_path, "check", settings="production", **given)
    assert done.returncode != 0
    assert f"{missing} must be set" in done.stderr


def test_production_refuses_a_short_secret(tmp_path: Path) -> None:
    done = _manage(tmp_path, "check", settings="production", **PRODUCTION | {"SECRET_KEY": "short"})
    assert done.returncode != 0
    assert "SECRET_KEY has fewer than 50 characters" in done.stderr


def test_production_passes_the_deployment_check(tmp_path: Path) -> None:
    arguments = ("check", "--deploy", "--fail-level", "WARNING")
    done = _manage(tmp_path, *arguments, settings="production", **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("settings", ["dev", "production"])
def test_nobody_but_operators_creates_courses_unless_it_is_said(
    settings: str, tmp_path: Path
) -> None:
    asked = (
        "shell",
        "-v0",
        "-c",
        "from django.conf import settings as s; print(s.COURSE_CREATION)",
    )
    done = _manage(tmp_path, *asked, settings=settings, **PRODUCTION)
    assert done.stdout.strip() == "staff", done.stderr
    said = PRODUCTION | {"SPRINGBOARD_COURSE_CREATION": "anyone"}
    assert _manage(tmp_path, *asked, settings=settings, **said).stdout.strip() == "anyone"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPRINGBOARD_COURSE_CREATION", "everyone"),
        ("STORAGE_URL", "s3://bucket"),
        ("STORAGE_URL", "file://"),
        ("CACHE_URL", "memcached://x"),
        ("DATABASE_URL", "mysql://x/y"),
    ],
)
def test_a_value_that_it_does_not_know_is_refused(name: str, value: str, tmp_path: Path) -> None:
    done = _manage(tmp_path, "check", **{name: value})
    assert done.returncode != 0
    assert name in done.stderr


def test_the_tables_are_those_of_the_models(tmp_path: Path) -> None:
    done = _manage(tmp_path, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


@pytest.mark.sandbox
def test_the_doctor_says_what_is_there(tmp_path: Path) -> None:
    before = _manage(tmp_path, "doctor")
    assert before.returncode != 0
    assert "run `manage.py migrate`" in before.stdout
    _manage(tmp_path, "migrate", "-v0")
    after = _manage(tmp_path, "doctor")
    assert after.returncode == 0, after.stdout + after.stderr
    for subject in ("bubblewrap", "isolation", "database", "broker", "storage", "task"):
        assert subject in after.stdout


def test_production_gathers_its_static_files(tmp_path: Path) -> None:
    done = _manage(
        tmp_path, "collectstatic", "--noinput", "-v0", settings="production", **PRODUCTION
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "static" / "staticfiles.json").is_file()
