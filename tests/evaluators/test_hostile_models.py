"""Hostile models in the real sandbox: each gets its verdict, and the next is judged normally."""

import os
from pathlib import Path

import pytest

from evaluators.sandbox import Sandbox
from evaluators.verdicts import Verdict
from tests.evaluators.judging import judge, predicting
from tests.evaluators.tiny_task import GOOD_MODEL

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def sandbox(bubblewrap: Sandbox) -> Sandbox:
    return bubblewrap


CASES = {
    "sleeps": (["time.sleep(60)"], {Verdict.TIMEOUT}),
    "spins": (["while True: pass"], {Verdict.TIMEOUT}),
    "ignores_sigterm": (
        ["import signal", "signal.signal(15, signal.SIG_IGN)", "time.sleep(60)"],
        {Verdict.TIMEOUT},
    ),
    "exits": (["os._exit(0)"], {Verdict.RUNTIME_ERROR}),
    "kills_itself": (["os.kill(os.getpid(), 9)"], {Verdict.RUNTIME_ERROR}),
    "crashes": (["import ctypes", "ctypes.string_at(0)"], {Verdict.RUNTIME_ERROR}),
    "allocates_64_gb": (["np.zeros(8 << 30)"], {Verdict.OUT_OF_MEMORY}),
    "fills_memory": (["x = [np.ones(8 << 20) for _ in range(1000)]"], {Verdict.OUT_OF_MEMORY}),
    "nan": (["return np.full((n, 2), np.nan, dtype=np.float32)"], {Verdict.INVALID_PREDICTIONS}),
    "prints_100_mb": (["print('x' * 100_000_000)"], {Verdict.OUTPUT_LIMIT}),
    "prints_from_a_child": (
        ["subprocess.run([sys.executable, '-c', 'while True: print(\"x\" * 10000)'])"],
        {Verdict.OUTPUT_LIMIT},
    ),
    "opens_a_socket": (["socket.create_connection(('127.0.0.1', 80))"], {Verdict.RUNTIME_ERROR}),
    "opens_a_vsock": (["socket.socket(40, socket.SOCK_STREAM)"], {Verdict.RUNTIME_ERROR}),
    "forks_without_end": (
        ["while True:", "    if os.fork() == 0: time.sleep(60)"],
        {Verdict.RUNTIME_ERROR},
    ),
    "fills_its_scratch": (
        ["for i in range(100): open(f'/tmp/{i}', 'wb').write(bytes(10_000_000))"],
        {Verdict.RUNTIME_ERROR, Verdict.OUT_OF_MEMORY},
    ),
    "writes_elsewhere": (["open('/job/x', 'w')"], {Verdict.RUNTIME_ERROR}),
    "writes_into_its_folder": (["open(self.folder / 'x', 'w')"], {Verdict.RUNTIME_ERROR}),
    "reads_accounts": (["open('/etc/shadow')"], {Verdict.RUNTIME_ERROR}),
    "writes_garbage_to_the_pipe": (
        [
            "for name in os.listdir('/proc/self/fd'):",
            "    if int(name) > 2:",
            "        try: os.write(int(name), b'garbage' * 100)",
            "        except OSError: pass",
        ],
        {Verdict.RUNTIME_ERROR},
    ),
    "announces_a_huge_frame": (
        [
            "for name in os.listdir('/proc/self/fd'):",
            "    if int(name) > 2:",
            "        try: os.write(int(name), b'SB\\x05\\x00\\xff\\xff\\xff\\xff')",
            "        except OSError: pass",
        ],
        {Verdict.RUNTIME_ERROR},
    ),
    "closes_all_descriptors": (["os.closerange(0, 100)"], {Verdict.RUNTIME_ERROR}),
}


@pytest.mark.parametrize("name", CASES)
def test_it_gets_its_verdict_and_the_next_is_judged(
    name: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    lines, verdicts = CASES[name]
    report = judge(sandbox, tmp_path / "hostile", predicting(*lines), wall_seconds="3")
    if name == "fills_memory" and sandbox.notes:
        verdicts = verdicts | {Verdict.RUNTIME_ERROR}
    assert report.verdict in verdicts, report
    assert report.message is not None
    assert report.message.help
    assert judge(sandbox, tmp_path / "next", GOOD_MODEL).verdict is Verdict.SCORED


def test_a_process_left_behind_is_gone_with_the_sandbox(sandbox: Sandbox, tmp_path: Path) -> None:
    marker = f"left-behind-{os.getpid()}"
    source = predicting(
        "if os.fork() == 0:",
        "    os.setsid()",
        f"    os.execv(sys.executable, ['{marker}', '-c', 'import time; time.sleep(99)'])",
        "time.sleep(0.3)",
    )
    assert judge(sandbox, tmp_path, source).verdict is Verdict.SCORED
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any(marker.encode() in command for command in commands)


def test_nothing_of_the_practice_stage_reaches_the_judged_stage(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    source = predicting(
        "for place in ('/tmp/mark', '/dev/shm/mark'):",
        "    if os.path.exists(place): raise ValueError('seen before')",
        "    open(place, 'w').write('x')",
        "if n != 30 and len(os.listdir('/proc')) == 0: raise ValueError",
    )
    assert judge(sandbox, tmp_path, source).verdict is Verdict.SCORED


def test_no_label_and_no_secret_is_within_reach(sandbox: Sandbox, tmp_path: Path) -> None:
    source = predicting(
        "found = []",
        "for root, folders, files in os.walk('/'):",
        "    folders[:] = [f for f in folders if f not in ('proc', 'sys', 'usr', 'lib', 'lib64')]",
        "    secrets = ('judged.npz', 'practice.npz', 'seed', 'task.toml', 'ready.json')",
        "    found += [f for f in files if f in secrets]",
        "print('found', found)",
        "print('environment', [k for k in os.environ if 'SPRINGBOARD' in k or 'SECRET' in k])",
        "print('first process', open('/proc/1/environ').read(), 'uid', os.getuid())",
    )
    report = judge(sandbox, tmp_path, source)
    assert report.verdict is Verdict.SCORED
    assert "found []\nenvironment []" in report.practice_log.text
    assert "first process  uid 1000" in report.practice_log.text
