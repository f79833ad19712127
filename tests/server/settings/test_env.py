from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from server.settings import env


def test_postgres_comes_from_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgres://ada:p%40ss@db.example.org:5433/springboard?sslmode=require"
    monkeypatch.setenv("DATABASE_URL", url)
    found = env.database("DATABASE_URL", "")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "ada", "p@ss", "db.example.org", "5433", "springboard",
    )  # fmt: skip
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_query_changes_how_long_postgres_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://host/springboard")
    assert env.database("DATABASE_URL", "")["OPTIONS"]["connect_timeout"] == "5"
    monkeypatch.setenv("DATABASE_URL", "postgres://host/springboard?connect_timeout=9&options=")
    options = env.database("DATABASE_URL", "")["OPTIONS"]
    assert (options["connect_timeout"], options["options"]) == ("9", "")


def test_sqlite_begins_transactions_at_once_and_keeps_its_file_private(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "db.sqlite3"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    found = env.database("DATABASE_URL", "")
    assert found["NAME"] == path
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite://host/x", "postgres://host", "://"]
)
def test_another_database_is_refused_by_the_variables_name(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL .*write"):
        env.database("DATABASE_URL", "")


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_NAME", "  ")
    with pytest.raises(ImproperlyConfigured, match="A_NAME must be set"):
        env.text("A_NAME")


@pytest.mark.parametrize("value", ["maybe", "2"])
def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("A_FLAG", value)
    with pytest.raises(ImproperlyConfigured, match="A_FLAG is .* write 1"):
        env.flag("A_FLAG", default=True)


def test_a_number_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_NUMBER", "many")
    with pytest.raises(ImproperlyConfigured, match="A_NUMBER .*whole number"):
        env.integer("A_NUMBER", 1)


@pytest.mark.parametrize(
    "url",
    [
        "filesystem://",
        "redis://:s%40cret@host:6379/0",
        "rediss://host",
        "amqp://me:secret@host:5672//",
    ],
)
def test_a_broker_comes_from_a_url(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BROKER_URL", url)
    assert env.broker("BROKER_URL", "") == url


@pytest.mark.parametrize(
    "url",
    [
        "kafka://:s3cret@host", ":s3cret@host", "filesystem:///s3cret", "redis://", "redis://:s3cret@",
        "redis://:s3cret@host:port/0", "redis://:s3cret/x@host:6379/0", "amqp://[s3cret",
    ],
)  # fmt: skip
def test_another_broker_is_refused_without_telling_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("BROKER_URL", url)
    with pytest.raises(ImproperlyConfigured, match="BROKER_URL .*write") as raised:
        env.broker("BROKER_URL", "filesystem://")
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("value", ["short", "x" * 19, "two words that are long", "ü" * 20])
def test_a_secret_that_could_be_guessed_or_not_be_sent_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("METRICS_TOKEN", value)
    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN must have 20 characters") as told:
        env.secret("METRICS_TOKEN", least=20)
    assert value not in str(told.value)


def test_no_secret_is_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", " ")
    assert env.secret("METRICS_TOKEN", least=20) == ""
    monkeypatch.setenv("METRICS_TOKEN", "x" * 20)
    assert env.secret("METRICS_TOKEN", least=20) == "x" * 20
