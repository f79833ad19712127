"""The whole way of an artifact, with the real runner in a fake sandbox."""

import threading
from pathlib import Path

import numpy as np
import pytest

from evaluators.errors import InfrastructureError, TaskError
from evaluators.evaluate import evaluate
from evaluators.report import Progress, Split, Stage
from evaluators.runner import RUNNER
from evaluators.runner.frames import Kind, write_frame
from evaluators.sandbox.fake import FakeSandbox
from evaluators.scoring import statistics_load
from evaluators.verdicts import Verdict
from tests.evaluators.judging import SEED, judge, predicting
from tests.evaluators.tiny_task import GOOD_MODEL, model_folder, prepared_task


def test_a_good_model_is_scored_on_three_splits(fake: FakeSandbox, tmp_path: Path) -> None:
    report = judge(fake, tmp_path, GOOD_MODEL)
    assert (report.verdict, report.stage, report.message) == (Verdict.SCORED, Stage.SCORING, None)
    for split in Split:
        score = report.score("log_loss", split)
        assert score is not None
        assert score.value == pytest.approx(-np.log(0.9))
        accuracy = report.score("accuracy", split)
        assert accuracy is not None
        assert (accuracy.value, accuracy.low, accuracy.high) == (1, 1, 1)


def test_statistics_and_predictions_are_kept_in_the_order_of_the_items(
    fake: FakeSandbox, tmp_path: Path
) -> None:
    report = judge(fake, tmp_path, GOOD_MODEL)
    assert report.statistics is not None
    statistics = statistics_load(report.statistics)
    assert len(statistics.units) == 30
    assert statistics.public.sum() == 9  # 30 % of the pairs
    (tmp_path / "p.npz").write_bytes(report.predictions or b"")
    with (
        np.load(tmp_path / "p.npz") as file,
        np.load(next(tmp_path.glob("task/data/signs/*/private/judged.npz"))) as judged,
    ):
        assert np.array_equal(file["predictions"].argmax(axis=1), judged["target"])


def test_judging_again_gives_the_same(fake: FakeSandbox, tmp_path: Path) -> None:
    first = judge(fake, tmp_path / "1", GOOD_MODEL)
    second = judge(fake, tmp_path / "2", GOOD_MODEL)
    assert (first.scores, first.statistics) == (second.scores, second.statistics)


def test_it_tells_its_stages(fake: FakeSandbox, tmp_path: Path) -> None:
    progress: list[Progress] = []
    judge(fake, tmp_path, GOOD_MODEL, progress=progress)
    assert [step.stage for step in progress if not step.practice_log.text] == [
        Stage.UNPACK, Stage.PRACTICE, Stage.JUDGED, Stage.SCORING,
    ]  # fmt: skip


FULL = "return np.full((n, 2), 0.5, dtype="
FAULTS = {
    "predictions_not_finite": ["return np.full((n, 2), np.nan, dtype=np.float32)"],
    "predictions_type": [
        "return np.full((n, 2), 0.5)",
        FULL + "'>f4')",
        FULL + "np.float16)",
        "return np.full((n, 2), 1j)",
    ],
    "predictions_shape": [
        "return np.full((n - 1, 2), 0.5, dtype=np.float32)",
        "return np.zeros((0, 2), dtype=np.float32)",
    ],
    "probabilities_out_of_range": ["return np.full((n, 2), 3, dtype=np.float32)"],
    "probabilities_sum": ["return np.full((n, 2), 0.7, dtype=np.float32)"],
    "predictions_missing": [
        "return {'other': np.full((n, 2), 0.5, dtype=np.float32)}",
        "return {}",
    ],
    "predict_failed": ["return None", "return [[{}]] * n", "raise ValueError('no')"],
    "out_of_memory": [
        "raise MemoryError",
        'raise RuntimeError("DefaultCPUAllocator: can\'t allocate memory")',
    ],
    "exited": ["sys.exit(3)"],
    "out_of_time": ["time.sleep(2)"],
}
VERDICTS = {
    "predict_failed": Verdict.RUNTIME_ERROR,
    "out_of_memory": Verdict.OUT_OF_MEMORY,
    "exited": Verdict.RUNTIME_ERROR,
    "out_of_time": Verdict.TIMEOUT,
}


@pytest.mark.parametrize(
    ("code", "line"), [(code, line) for code, lines in FAULTS.items() for line in lines]
)
def test_what_predict_does_wrong_has_its_verdict(
    fake: FakeSandbox, tmp_path: Path, code: str, line: str
) -> None:
    report = judge(fake, tmp_path, predicting(line), wall_seconds="1")
    assert report.message is not None
    assert report.message.code == code
    assert report.verdict is VERDICTS.get(code, Verdict.INVALID_PREDICTIONS)
    assert report.stage is Stage.PRACTICE
    assert report.scores == ()


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("import nothing_of_this_name", "model_import_failed", "ModuleNotFoundError: No module"),
        ("def broken(:", "model_import_failed", "SyntaxError"),
        ("x = 1", "model_class_missing", "no class named Model"),
        ("class Model:\n    pass", "model_class_missing", "no method predict"),
        ("class Model:\n    def predict(self, inputs): ...", "model_load_failed", "TypeError"),
        (
            "class Model:\n    def __init__(self, folder): open(folder / 'weights')\n"
            "    def predict(self, inputs): ...",
            "model_load_failed",
            "(model.py, line 2)",
        ),
    ],
)
def test_what_loading_does_wrong_has_its_message(
    fake: FakeSandbox, tmp_path: Path, source: str, code: str, words: str
) -> None:
    report = judge(fake, tmp_path, source)
    assert report.verdict is Verdict.LOAD_ERROR
    assert report.message is not None
    assert report.message.code == code
    assert words in report.message.text


def test_the_judged_stage_tells_a_built_in_class_and_a_line_only(
    fake: FakeSandbox, tmp_path: Path
) -> None:
    source = predicting(
        "class Secret42(KeyError): pass",
        "if n == 60: raise Secret42('secret')",
    )
    report = judge(fake, tmp_path, source)
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert report.message is not None
    assert report.message.text == (
        "predict raised KeyError (model.py, line 11) in the judged stage."
    )
    assert "secret" not in repr((report.message, report.practice_log)).lower()
    assert [score.split for score in report.scores] == [Split.PRACTICE] * 2


def test_a_line_that_the_file_does_not_have_is_not_told(fake: FakeSandbox, tmp_path: Path) -> None:
    source = predicting(
        "if n == 60:",
        "    far = chr(10) * 5000 + 'raise ValueError'",
        "    exec(compile(far, os.path.join(self.folder, 'model.py'), 'exec'))",
    )
    report = judge(fake, tmp_path, source)
    assert report.message is not None
    assert report.message.text == "predict raised ValueError in the judged stage."


@pytest.mark.parametrize("line", ["sys.exit(42)", "raise SystemExit(42)"])
def test_an_exit_status_of_the_judged_stage_is_not_told(
    fake: FakeSandbox, tmp_path: Path, line: str
) -> None:
    report = judge(fake, tmp_path, predicting(f"if n == 60: {line}"))
    assert (report.verdict, report.stage) == (Verdict.RUNTIME_ERROR, Stage.JUDGED)
    assert "42" not in repr(report.message)


def test_a_bad_upload_is_refused_before_anything_runs(fake: FakeSandbox, tmp_path: Path) -> None:
    upload = tmp_path / "x.zip"
    upload.write_bytes(b"no zip")
    report = evaluate(
        prepared=prepared_task(tmp_path / "task"),
        upload=upload,
        filename="x.zip",
        sandbox=fake,
        seed=SEED,
    )
    assert (report.verdict, report.stage) == (Verdict.INVALID_ARTIFACT, Stage.UNPACK)


def test_it_can_be_cancelled(fake: FakeSandbox, tmp_path: Path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    report = judge(fake, tmp_path, predicting("time.sleep(1)"), cancelled=cancelled)
    assert report.verdict is Verdict.CANCELLED


def test_a_sandbox_that_dies_before_hello_is_our_fault(tmp_path: Path) -> None:
    broken = FakeSandbox({RUNNER: lambda stdin, stdout, stderr: None})
    with pytest.raises(InfrastructureError, match="before its runner was up"):
        judge(broken, tmp_path, GOOD_MODEL)


def test_a_runner_that_does_not_say_hello_is_our_fault(tmp_path: Path) -> None:
    rude = FakeSandbox({RUNNER: lambda stdin, stdout, stderr: write_frame(stdout, Kind.READY)})
    with pytest.raises(InfrastructureError, match="before its runner was up"):
        judge(rude, tmp_path, GOOD_MODEL)


def test_data_that_does_not_fit_is_the_tasks_fault(fake: FakeSandbox, tmp_path: Path) -> None:
    prepared = prepared_task(tmp_path / "task")
    np.savez(
        prepared.folder / "private" / "judged.npz",
        input_features=np.zeros((4, 3), dtype=np.float32),
        target=np.zeros(4, dtype=np.int64),
    )
    with pytest.raises(TaskError, match=r"input_features is float32 \[4, 3\]"):
        evaluate(
            prepared=prepared,
            upload=model_folder(tmp_path, GOOD_MODEL),
            filename="submission",
            sandbox=fake,
            seed=SEED,
        )


def test_no_unpacked_file_is_left_behind(
    fake: FakeSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    judge(fake, tmp_path, GOOD_MODEL)
    assert list(scratch.iterdir()) == []


def test_how_long_each_sandbox_took_to_start_is_told(fake: FakeSandbox, tmp_path: Path) -> None:
    durations = judge(fake, tmp_path, GOOD_MODEL).durations
    for stage in ("practice", "judged"):
        # This sandbox may take less than is told.
        assert 0 <= durations[f"{stage}_start"] <= durations[stage]
    (again := tmp_path / "again").mkdir()
    failed = judge(fake, again, "raise SystemExit(3)\n").durations
    assert "practice_start" in failed and "judged_start" not in failed
