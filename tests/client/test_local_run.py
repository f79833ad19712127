"""The unsandboxed session: the same frames, endings and limits as the server's."""

import os
import sys
import time
from pathlib import Path

import pytest

from evaluators.runner.frames import Kind
from evaluators.sandbox.base import Ending, Outcome, SandboxSpec, Session, SessionStopped
from evaluators.spec import Limits
from springboard.local import LocalRun

LIMITS = Limits(wall_seconds=20, memory_mb=512, artifact_mb=1, output_mb=1, log_kb=1)
HELLO = r'import os; os.write(1, b"SB\x01\x00\x00\x00\x00\x00")' + "\n"


def program(folder: Path, source: str) -> Path:
    folder = folder / "program"
    folder.mkdir()
    (folder / "__main__.py").write_text(source)
    (folder / "neighbour.py").write_text("ANSWER = b'from a neighbour'\n")
    return folder


def run(folder: Path, source: str, limits: Limits = LIMITS) -> Outcome:
    """Starts a program and waits for its end."""
    with LocalRun().open(SandboxSpec(program=program(folder, source), limits=limits)) as session:
        return wait(session)


def wait(session: Session) -> Outcome:
    with pytest.raises(SessionStopped) as caught:
        while True:
            session.receive(1024)
    return caught.value.outcome


def test_it_talks_in_frames(tmp_path: Path) -> None:
    source = (
        "import sys\n"
        "from .neighbour import ANSWER\n"
        "import struct\n"
        "header = sys.stdin.buffer.read(8)\n"
        "word = sys.stdin.buffer.read(struct.unpack('<2sBBI', header)[3])\n"
        "text = word + b' ' + ANSWER + b' ' + sys.argv[1].encode()\n"
        "sys.stdout.buffer.write(struct.pack('<2sBBI', b'SB', 5, 0, len(text)) + text)\n"
    )
    spec = SandboxSpec(program=program(tmp_path, source), limits=LIMITS, arguments=("argument",))
    with LocalRun().open(spec) as session:
        session.send(Kind.INPUTS, b"hello")
        frame = session.receive(1024)
    assert frame.kind is Kind.ANSWER
    assert frame.payload == b"hello from a neighbour argument"


def test_it_shows_folders_where_they_are(tmp_path: Path) -> None:
    spec = SandboxSpec(program=program(tmp_path, ""), limits=LIMITS, folders={"data": tmp_path})
    with LocalRun().open(spec) as session:
        assert session.path("data") == str(tmp_path.resolve())


def test_what_is_printed_is_its_log(tmp_path: Path) -> None:
    outcome = run(tmp_path, "import sys; print('a line', file=sys.stderr)")
    assert outcome.ending is Ending.EXITED
    assert outcome.log.text == "a line" + os.linesep


def test_it_ends_at_the_time_limit(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"wall_seconds": 1})
    outcome = run(tmp_path, "import time; time.sleep(60)", limits)
    assert outcome.ending is Ending.TIMEOUT
    assert outcome.wall_seconds < 10


def test_it_ends_when_too_much_is_printed(tmp_path: Path) -> None:
    outcome = run(tmp_path, "import sys\nwhile True: sys.stderr.write('x' * 1000)")
    assert outcome.ending is Ending.OUTPUT_LIMIT
    assert len(outcome.log.text) == 1024


def test_it_ends_at_something_that_is_no_frame(tmp_path: Path) -> None:
    outcome = run(tmp_path, "print('I am no frame', flush=True); import time; time.sleep(60)")
    assert outcome.ending is Ending.BAD_FRAME


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured on Linux only")
def test_it_ends_at_the_memory_limit(tmp_path: Path) -> None:
    limits = LIMITS.model_copy(update={"memory_mb": 100})
    outcome = run(tmp_path, "a = bytearray(200 << 20); import time; time.sleep(60)", limits)
    assert outcome.ending is Ending.OUT_OF_MEMORY


def test_the_model_gets_the_server_s_threads(tmp_path: Path) -> None:
    outcome = run(
        tmp_path,
        "import os, sys; print(os.environ['OMP_NUM_THREADS'], os.environ['PYTHONHASHSEED'], "
        "file=sys.stderr)",
    )
    assert outcome.log.text.split() == ["1", "0"]


def test_it_starts_in_an_empty_folder_that_goes_away(tmp_path: Path) -> None:
    outcome = run(
        tmp_path,
        "import os, sys; print(os.getcwd(), len(os.listdir()), file=sys.stderr); "
        "open('written', 'w').close()",
    )
    folder, files = outcome.log.text.split()
    assert files == "0"
    assert not Path(folder).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are of POSIX")
def test_what_the_model_started_is_ended_too(tmp_path: Path) -> None:
    source = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, file=sys.stderr, flush=True)\n" + HELLO + "import time; time.sleep(60)\n"
    )
    spec = SandboxSpec(program=program(tmp_path, source), limits=LIMITS)
    with LocalRun().open(spec) as session:
        session.receive(64)
        outcome = session.close()
    assert is_gone(int(outcome.log.text))


def is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":  # dead, but the machine's first process has not buried it
            return True
        time.sleep(0.05)
    return False
