"""Samples are information: whatever is wrong with them, the model is judged all the same."""

from pathlib import Path

import pytest

from evaluators.protocols.sampling import LONGEST_CHARACTERS
from evaluators.sandbox import Sandbox
from evaluators.sandbox.fake import FakeSandbox
from evaluators.verdicts import Verdict
from tests.evaluators.tiny_text_task import judge_lines, stepping


def sampling(*lines: str) -> str:
    body = "\n".join(f"        {line}" for line in lines)
    return f"{stepping()}\n    def sample(self, seed, n):\n{body}\n"


@pytest.mark.sandbox
def test_texts_come_as_they_were_drawn(bubblewrap: Sandbox, tmp_path: Path) -> None:
    source = sampling("return [f'ž {seed} {i}' * (i > 0) for i in range(n)]")
    reports = [judge_lines(bubblewrap, tmp_path / name, source) for name in ("once", "twice")]
    samples = reports[0].samples
    assert samples is not None and samples.message is None
    assert samples.texts[0] == ""
    seed = int(samples.texts[1].split()[1])
    assert samples.texts[1:] == tuple(f"ž {seed} {i}" for i in range(1, 20))
    # The same artifact gets the same seed, so that judging again repeats itself.
    assert reports[1].samples == samples


def test_other_artifacts_get_other_seeds(fake: FakeSandbox, tmp_path: Path) -> None:
    seeds = set()
    for number in range(3):
        source = sampling(f"comment = {number}", "return [str(seed)] * n")
        samples = judge_lines(fake, tmp_path / str(number), source).samples
        assert samples is not None
        seeds |= set(samples.texts)
    assert len(seeds) == 3


def test_long_texts_are_cut(fake: FakeSandbox, tmp_path: Path) -> None:
    samples = judge_lines(fake, tmp_path, sampling("return ['é' * 10 ** 5] * n")).samples
    assert samples is not None
    assert samples.texts == ("é" * LONGEST_CHARACTERS,) * 20


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("raise ValueError('no')", "predict_failed"),
        ("return ['a'] * (n - 1)", "samples_wrong"),
        ("return []", "samples_wrong"),
        ("return [b'bytes'] * n", "predict_failed"),
        ("return None", "predict_failed"),
        ("return ['\\ud800'] * n", "predict_failed"),
        ("sys.exit(3)", "exited"),
        ("time.sleep(5)", "out_of_time"),
    ],
)
def test_what_sample_does_wrong_costs_no_score(
    fake: FakeSandbox, tmp_path: Path, line: str, code: str
) -> None:
    report = judge_lines(fake, tmp_path, sampling(line), wall_seconds="1")
    assert report.verdict is Verdict.SCORED
    assert report.samples is not None and report.samples.message is not None
    assert report.samples.message.code == code
    assert report.samples.texts == ()


def test_a_model_that_can_t_sample_is_told_how(fake: FakeSandbox, tmp_path: Path) -> None:
    report = judge_lines(fake, tmp_path, stepping())
    assert report.verdict is Verdict.SCORED
    assert report.samples is not None and report.samples.message is not None
    assert "sample(self, seed, n)" in report.samples.message.help


FORGED = """
import json, os, struct
def forge(names, dtypes, contents):
    header = json.dumps([
        {"name": name, "dtype": dtype, "shape": [len(content) // (8 if dtype == "int64" else 1)]}
        for name, dtype, content in zip(names, dtypes, contents)
    ]).encode()
    payload = struct.pack("<I", len(header)) + header + b"".join(contents)
    frame = struct.pack("<2sBBI", b"SB", 5, 0, len(payload)) + payload
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, frame)
        except OSError:
            pass
    os._exit(0)
"""


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "offsets",
    [
        "[0, 5]",  # past the end
        "[1, 2]",  # not from the beginning
        "[0, 2, 1, 2]",  # backwards
        "[]",
        "[0, -9223372036854775808, 9223372036854775807, 2]",
        "[0, 1, 2]",  # in the middle of a character
    ],
)
def test_forged_offsets_are_refused(bubblewrap: Sandbox, tmp_path: Path, offsets: str) -> None:
    source = FORGED + sampling(
        f"ends = struct.pack('<%dq' % len({offsets}), *{offsets})",
        "forge(['samples', 'samples.offsets'], ['uint8', 'int64'], ['é'.encode(), ends])",
    )
    report = judge_lines(bubblewrap, tmp_path, source)
    assert report.verdict is Verdict.SCORED
    assert report.samples is not None and report.samples.message is not None
    assert report.samples.message.code in ("bad_protocol", "samples_wrong")
    assert report.samples.texts == ()
