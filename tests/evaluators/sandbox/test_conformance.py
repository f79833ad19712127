"""What every backend promises; the same tests against each."""

import platform
import threading
import time
from pathlib import Path

import pytest

from evaluators.report import Log
from evaluators.runner.frames import Kind
from evaluators.sandbox import Ending, Outcome, Sandbox, SandboxSpec, SessionStopped
from tests.evaluators.sandbox.conftest import LIMITS, PROGRAM, behaving


def outcome_of(sandbox: Sandbox, behaviour: str, **changes: object) -> Outcome:
    with behaving(sandbox, behaviour, **changes) as session:
        with pytest.raises(SessionStopped) as stopped:
            session.receive(1000)
        return stopped.value.outcome


def test_it_carries_frames_both_ways(sandbox: Sandbox) -> None:
    with behaving(sandbox, "echo") as session:
        for payload in (b"x", b"\0\xff" * 10, b"y" * 3_000_000):
            session.send(Kind.INPUTS, payload)
            frame = session.receive(4_000_000)
            assert (frame.kind, bytes(frame.payload)) == (Kind.ANSWER, payload)


def test_it_keeps_the_beginning_of_the_log_and_counts_the_rest(sandbox: Sandbox) -> None:
    with behaving(sandbox, "chatty") as session:
        assert session.receive(100).payload == b"done"
        log = session.close().log
    assert log.text == ("a line\n" * 1000)[:1024]
    assert log.dropped_bytes == 7000 - 1024


def test_it_tells_what_is_printed_while_it_runs(sandbox: Sandbox) -> None:
    told: list[Log] = []
    with behaving(sandbox, "chatty", on_log=told.append) as session:
        session.receive(100)
        deadline = time.monotonic() + 10
        while not told and time.monotonic() < deadline:
            time.sleep(0.02)
    assert told[0].text.startswith("a line\n")


def test_it_ends_what_prints_without_end(sandbox: Sandbox) -> None:
    assert outcome_of(sandbox, "flood").ending is Ending.OUTPUT_LIMIT


def test_it_ends_what_takes_too_long(sandbox: Sandbox) -> None:
    outcome = outcome_of(sandbox, "silent", wall_seconds=1)
    assert outcome.ending is Ending.TIMEOUT
    assert outcome.wall_seconds >= 1


def test_it_ends_what_does_not_read(sandbox: Sandbox) -> None:
    with (
        behaving(sandbox, "deaf", wall_seconds=1) as session,
        pytest.raises(SessionStopped) as stopped,
    ):
        session.send(Kind.INPUTS, bytes(50_000_000))
    assert stopped.value.outcome.ending is Ending.TIMEOUT


def test_it_ends_when_it_is_cancelled(sandbox: Sandbox) -> None:
    cancelled = threading.Event()
    with behaving(sandbox, "silent", cancelled=cancelled) as session:
        threading.Timer(0.1, cancelled.set).start()
        with pytest.raises(SessionStopped) as stopped:
            session.receive(100)
    assert stopped.value.outcome.ending is Ending.CANCELLED


def test_it_says_how_a_program_ended(sandbox: Sandbox) -> None:
    outcome = outcome_of(sandbox, "leaves")
    assert (outcome.ending, outcome.how) == (Ending.EXITED, "exit status 7")


def test_it_ends_what_takes_too_much_memory(sandbox: Sandbox) -> None:
    # Only a real limit may meet a program that really takes all it can get.
    behaviour = "starved" if sandbox.name in ("fake", "local") else "hungry"
    outcome = outcome_of(sandbox, behaviour)
    if sandbox.name == "local":
        assert outcome.ending is Ending.EXITED  # an uncaught MemoryError, as at home
    elif any("memory" in note for note in sandbox.notes):
        assert outcome.ending in (Ending.OUT_OF_MEMORY, Ending.EXITED)
    else:
        assert outcome.ending is Ending.OUT_OF_MEMORY


@pytest.mark.parametrize("behaviour", ["garbage", "boastful"])
def test_it_takes_no_frame_that_is_none_or_too_long(sandbox: Sandbox, behaviour: str) -> None:
    assert outcome_of(sandbox, behaviour).ending is Ending.BAD_FRAME


def test_half_a_frame_is_an_early_end(sandbox: Sandbox) -> None:
    assert outcome_of(sandbox, "partial").ending is Ending.EXITED


def test_it_can_be_closed_twice(sandbox: Sandbox) -> None:
    with behaving(sandbox, "echo") as session:
        assert session.close() is session.close()


def test_a_closed_session_takes_nothing_more(sandbox: Sandbox) -> None:
    with behaving(sandbox, "echo") as session:
        session.close()
        with pytest.raises(SessionStopped):
            session.send(Kind.INPUTS, b"x")
        with pytest.raises(SessionStopped):
            session.receive(10)


def test_it_leaves_no_thread_behind(sandbox: Sandbox) -> None:
    before = threading.active_count()
    with behaving(sandbox, "echo"):
        pass
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= before


def test_it_shows_each_folder_under_a_path(sandbox: Sandbox, tmp_path: Path) -> None:
    spec = SandboxSpec(program=PROGRAM, limits=LIMITS, folders={"raw": tmp_path})
    with sandbox.open(spec) as session:
        assert session.path("raw").rstrip("/").startswith("/")


def test_sessions_run_beside_each_other(sandbox: Sandbox) -> None:
    with behaving(sandbox, "echo") as first, behaving(sandbox, "echo") as second:
        first.send(Kind.INPUTS, b"one")
        second.send(Kind.INPUTS, b"two")
        assert second.receive(10).payload == b"two"
        assert first.receive(10).payload == b"one"


# By their numbers, which are the same on all processors since then: lsm_list_modules (Linux 6.8)
# and mseal (6.10), of which the kernel would say that their arguments are wrong, or do nothing.
@pytest.mark.parametrize("number", [461, 462])
def test_a_call_that_nobody_has_looked_at_is_not_there(sandbox: Sandbox, number: int) -> None:
    if sandbox.name in ("fake", "local"):
        return
    with behaving(sandbox, "calls") as session:
        session.send(Kind.INPUTS, str(number).encode())
        assert bytes(session.receive(100).payload) in (b"ENOSYS", b"EPERM")


# What counts for all of the machine: io_setup, and sync, which writes out everybody's files.
@pytest.mark.parametrize("number", {"x86_64": [206, 162], "aarch64": [0, 81]}[platform.machine()])
def test_a_call_that_others_would_notice_is_refused(sandbox: Sandbox, number: int) -> None:
    if sandbox.name in ("fake", "local") or sandbox.own_kernel:
        return
    with behaving(sandbox, "calls") as session:
        session.send(Kind.INPUTS, str(number).encode())
        assert bytes(session.receive(100).payload) in (b"ENOSYS", b"EPERM")
