"""The services that other tests lean on do what they say."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import amqp
import psutil
import psycopg
import pytest
import redis

from tests.services.known import SERVICES, need
from tests.services.postgresql import PostgreSQL
from tests.services.rabbitmq import RabbitMQ
from tests.services.redis import Redis
from tests.services.service import Service

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def _started(name: str, folder: Path) -> Iterator[Service]:
    with need(name)(folder) as service:
        yield service


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_ends_with_all_its_processes_however_often_it_is_started(
    name: str, tmp_path: Path
) -> None:
    service = need(name)(tmp_path)
    seen: list[psutil.Process] = []
    for end in (service.stop, service.kill, service.stop):
        service.start()
        seen += (running := service.processes())
        assert running
        assert service.answers()
        end()
        assert not service.answers()
        assert _gone(seen)
    service.stop()


@pytest.mark.parametrize("name", SERVICES)
def test_a_paused_service_neither_answers_nor_refuses(name: str, tmp_path: Path) -> None:
    with _started(name, tmp_path) as service:
        service.pause()
        assert not service.answers()
        assert {process.status() for process in service.processes()} <= {"stopped", "zombie"}
        service.resume()
        _until(service.answers)
        service.pause()
        seen = service.processes()
    assert _gone(seen)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_left_where_whoever_started_a_service_is_killed(
    name: str, how: signal.Signals
) -> None:
    need(name)
    waits = [sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(60)"]
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.services", name, "--", *waits],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    with closing(started.stdout or sys.stdin.buffer) as output:
        assert output.readline() == b"ready\n"
        all_of_it = psutil.Process(started.pid).children(recursive=True)
        command = [process for process in all_of_it if process.ppid() == started.pid][-1:]
        started.send_signal(how)
        started.wait()
    assert len(all_of_it) > len(command) == 1
    for process in command:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert _gone(all_of_it)


def test_a_command_gets_the_services_and_its_status_is_passed_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    need("redis")
    asks = 'test -n "$DATABASE_URL" && echo "$BROKER_URL" && exit 7'
    told = [sys.executable, "-m", "tests.services", "postgresql", "redis", "--", "sh", "-c", asks]
    assert subprocess.run(told, cwd=ROOT, check=False).returncode == 7
    assert capfd.readouterr().out.startswith("redis://127.0.0.1:")
    wrong = [sys.executable, "-m", "tests.services", "mysql", "--", "true"]
    assert subprocess.run(wrong, cwd=ROOT, check=False).returncode == 2
    assert "postgresql redis rabbitmq" in capfd.readouterr().err


def test_postgresql_keeps_what_was_committed_through_a_kill(tmp_path: Path) -> None:
    service = PostgreSQL(tmp_path)
    service.start()
    other = service.create("other")
    with psycopg.connect(other) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (42)")
    service.kill()
    with service, psycopg.connect(other) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(42,)]


def test_postgresql_lets_nobody_in_without_its_password(tmp_path: Path) -> None:
    with PostgreSQL(tmp_path) as service, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(service.url, password="guessed")


def test_redis_loses_what_it_held_when_told_to_and_when_it_ends(tmp_path: Path) -> None:
    need("redis")
    service = Redis(tmp_path)
    with redis.Redis.from_url(service.url) as client:
        for end in (service.stop, service.kill):
            service.start()
            client.lpush("queue", "message")
            service.flush()
            assert client.llen("queue") == 0
            client.lpush("queue", "message")
            end()
            service.start()
            assert client.llen("queue") == 0
            service.stop()


def test_rabbitmq_keeps_a_durable_message_through_a_kill_and_loses_it_when_told_to(
    tmp_path: Path,
) -> None:
    need("rabbitmq")
    with RabbitMQ(tmp_path) as service:
        with amqp.Connection(service.host) as connection:
            channel = connection.channel()
            channel.confirm_select()
            channel.queue_declare("kept", durable=True, auto_delete=False)
            channel.basic_publish_confirm(
                amqp.Message("message", delivery_mode=2), routing_key="kept"
            )
        service.kill()
        service.start()
        with amqp.Connection(service.host) as connection:
            assert connection.channel().basic_get("kept", no_ack=False) is not None
        service.flush()
        with amqp.Connection(service.host) as connection, pytest.raises(amqp.NotFound):
            connection.channel().basic_get("kept")


def _gone(processes: list[psutil.Process]) -> bool:
    gone, alive = psutil.wait_procs(processes, timeout=30)
    return bool(gone) and not alive


def _until(what: Callable[[], bool]) -> None:
    while not what():
        time.sleep(0.05)
