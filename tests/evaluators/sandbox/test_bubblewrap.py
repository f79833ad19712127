"""What bubblewrap alone promises: isolation, and nothing left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluators.errors import InfrastructureError
from evaluators.processes import process_started, space_mark
from evaluators.sandbox import Sandbox, SandboxSpec, SessionStopped
from evaluators.sandbox.cgroups import PREFIX, Hierarchy, hierarchy_find, leftovers_remove
from evaluators.sandbox.doctor import examine
from evaluators.sandbox.memory import _tree
from evaluators.sandbox.pipes import PipeSession
from evaluators.sandbox.select import sandbox_select
from evaluators.sandbox.slots import slot_take
from tests.evaluators.sandbox.conftest import LIMITS, PROGRAM, behaving

pytestmark = pytest.mark.sandbox
ROOT = Path(__file__).resolve().parents[3]
MINE = os.getpid()


def test_the_doctor_finds_every_attempt_refused() -> None:
    findings = examine()
    assert len([finding for finding in findings if finding.subject == "isolation"]) >= 10
    assert [finding for finding in findings if finding.needed and not finding.ok] == []


def test_no_control_group_is_left(bubblewrap: Sandbox) -> None:
    hierarchy = hierarchy_find()
    with behaving(bubblewrap, "silent"):
        if hierarchy is not None:
            assert groups(hierarchy)
    if hierarchy is not None:
        assert not groups(hierarchy)


def groups(hierarchy: Hierarchy) -> list[Path]:
    mine = f"{PREFIX}{os.getpid()}-*"
    return [path for parent in hierarchy.parents.values() for path in parent.glob(mine)]


def test_groups_of_a_worker_that_is_gone_are_removed() -> None:
    hierarchy = hierarchy_find()
    if hierarchy is None:
        return  # nothing can be left over where none can be made
    parents = set(hierarchy.parents.values())
    # Of a number that nobody has, and of ours when it was somebody else's.
    gone = [
        parent / f"{PREFIX}{pid}-1-{space_mark()}-0" for parent in parents for pid in (2**22, MINE)
    ]
    # Of a worker in a container beside us, where the same number may be anybody's.
    others = [parent / f"{PREFIX}{2**22}-1-0123456789ab-0" for parent in parents]
    ours = [
        parent / f"{PREFIX}{MINE}-{process_started(MINE)}-{space_mark()}-x" for parent in parents
    ]
    for folder in gone + others + ours:
        folder.mkdir()
    try:
        leftovers_remove(hierarchy)
        assert not any(folder.exists() for folder in gone)
        assert all(folder.exists() for folder in others + ours)
    finally:
        for folder in others + ours:
            folder.rmdir()


def test_a_slot_is_not_given_twice_and_comes_back() -> None:
    if os.geteuid() != 0:
        with pytest.raises(InfrastructureError):
            slot_take()
        return
    first, second = slot_take(), slot_take()
    assert first.uid != second.uid
    first.release()
    third = slot_take()
    assert third.uid == first.uid
    second.release()
    third.release()


def test_a_folder_that_is_not_there_is_named(bubblewrap: Sandbox, tmp_path: Path) -> None:
    spec = SandboxSpec(program=PROGRAM, limits=LIMITS, folders={"raw": tmp_path / "missing"})
    with bubblewrap.open(spec) as session, pytest.raises(SessionStopped) as stopped:
        session.receive(64)
    assert str(tmp_path / "missing") in stopped.value.outcome.log.text


def test_a_missing_runtime_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPRINGBOARD_RUNTIME", str(tmp_path))
    with pytest.raises(InfrastructureError, match="make runtime"):
        sandbox_select("bubblewrap")


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(InfrastructureError, match="choose auto, bubblewrap, docker"):
        sandbox_select("none")


SELECT = 'from evaluators.sandbox import sandbox_select; print(sandbox_select("bubblewrap").notes)'


def in_a_user_namespace(command: str) -> "subprocess.CompletedProcess[str]":
    """Runs a shell command as the root of a container without root would."""
    script = ["unshare", "--user", "--map-root-user", "sh", "-c", command]
    return subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_root_of_a_container_without_root_is_an_ordinary_user() -> None:
    done = in_a_user_namespace(f"{sys.executable} -c '{SELECT}'")
    assert "sandboxes run under the worker's own user id" in done.stdout, done.stderr


def test_a_machine_without_user_namespaces_is_told_what_to_do() -> None:
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces"
    done = in_a_user_namespace(f"{forbid} && {sys.executable} -c '{SELECT}'")
    assert done.returncode != 0
    assert "sudo sysctl -w user.max_user_namespaces=15000" in done.stderr


def test_a_sandbox_takes_a_small_part_of_what_its_user_may_hold(bubblewrap: Sandbox) -> None:
    with behaving(bubblewrap, "echo") as session:
        assert isinstance(session, PipeSession)
        assert isinstance(session._process, subprocess.Popen)
        program = _tree(session._process.pid)[-1]
        limits = Path(f"/proc/{program}/limits").read_text()
    pending, queued = (
        next(line.split() for line in limits.splitlines() if line.startswith(f"Max {name}"))
        for name in ("pending signals", "msgqueue size")
    )
    assert pending[3:5] == ["256", "256"]
    assert queued[3:5] == ["0", "0"]
