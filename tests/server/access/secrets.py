"""What is planted in a world, each in words or numbers that stand nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime

from evaluators.artifact import Artifact
from evaluators.report import Diagnostic, EvaluationReport, Log, Score, Split
from tests.server.judging import report_scored
from tests.server.told import told_bars

TASK_SECRETS = {
    "public": b"practice-sample-for-all-members " * 4,
    "private": b"labels-and-hidden-inputs " * 4,
}
# A score that is better is suspicious; whoever knew it would stay above it.
TOO_GOOD = 0.256183
# Private scores rank the other way round than public ones.
PUBLIC = {"student": 0.251637, "classmate": 0.361748, "removed": 0.471859, "stranger": 0.581961}
PRIVATE = {
    "student": 740318265.0,
    "classmate": 630217154.0,
    "removed": 520116043.0,
    "stranger": 410915932.0,
}
PRACTICE = {"student": 0.817263, "classmate": 0.928374, "removed": 0.739485, "stranger": 0.641597}
SECONDS = {"student": 19.51827, "classmate": 28.62738, "removed": 37.73649, "stranger": 46.84551}
MEMORY = {"student": 1618.25, "classmate": 2729.25, "removed": 3831.25, "stranger": 4942.25}
SIZES = {"student": 182736455, "classmate": 293847566, "removed": 314958677, "stranger": 425169788}
EXTENDED = {
    "halves": datetime(2083, 7, 19, 4, 17, tzinfo=UTC),
    "far": datetime(2084, 8, 21, 5, 18, tzinfo=UTC),
}


def report_of(name: str) -> EvaluationReport:
    """The report of one of the people's models."""
    report = report_scored(PUBLIC[name], private=PRIVATE[name])
    scores = tuple(
        Score(s.metric, s.split, PRACTICE[name], 0.0, 1.0) if s.split is Split.PRACTICE else s
        for s in report.scores
    )
    return replace(
        report,
        scores=scores,
        artifact=Artifact(digest_of(name), SIZES[name], 1, f"entry_of_{name}.py", "python"),
        practice_log=Log(f"practice-log-of-{name}\n", 0),
        judged_log=Log(f"judged-log-of-{name}\n", 0),
        statistics=f"statistics-of-{name}".encode(),
        predictions=f"predictions-of-{name}".encode(),
        durations={"unpack": 0.1, "practice": 1.0, "judged": SECONDS[name]},
        peak_memory_mb=MEMORY[name],
        diagnostics=(_diagnostic(name),),
    )


def digest_of(name: str) -> str:
    return f"{name:x<20}".encode().hex().ljust(64, "a")[:64]


def _diagnostic(name: str) -> Diagnostic:
    bars = told_bars()
    assert bars.picture is not None
    # After its end a PNG may hold anything.
    return replace(
        bars, caption=f"caption-of-{name}", picture=bars.picture + f"picture-of-{name}".encode()
    )
