"""A competition's submissions as the rows of a table."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from evaluators.report import Split
from server.competitions.models import TaskVersion
from server.csv_export import Cell
from server.submissions.models import Submission
from server.submissions.selectors.access import latest_evaluation

CHUNK = 500
COLUMNS = (
    "id", "team", "author", "message", "filename", "size", "sha256", "artifact_sha256",
    "received_at", "status", "verdict", "attempt", "too_good", "judged_on_cpu",
)  # fmt: skip
SPLITS = (Split.PUBLIC, Split.PRIVATE)


def score_columns(*, task_version: TaskVersion) -> Sequence[tuple[str, str]]:
    """Metric and split of each column of scores, the metric that ranks first."""
    metrics = [task_version.primary_metric, *task_version.secondary_metrics]
    return [(metric.name, split.value) for metric in metrics for split in SPLITS]


def submissions_header(*, task_version: TaskVersion) -> Sequence[str]:
    """Names of the columns of `submissions_rows`."""
    return [*COLUMNS, *("_".join(each) for each in score_columns(task_version=task_version))]


def submissions_rows(
    *, submissions: QuerySet[Submission], task_version: TaskVersion
) -> Iterator[Sequence[Cell]]:
    """Yields a row a submission; the table is never in memory as a whole."""
    columns = score_columns(task_version=task_version)
    for submission in submissions.iterator(chunk_size=CHUNK):
        evaluation = latest_evaluation(submission)
        scores = {(score.metric, score.split): score.value for score in evaluation.scores.all()}
        yield [
            submission.public_id,
            submission.team.name,
            submission.author.username,
            submission.message,
            submission.filename,
            submission.size,
            submission.sha256,
            evaluation.artifact.digest if evaluation.artifact else None,
            submission.received_at,
            evaluation.status,
            evaluation.verdict,
            evaluation.attempt,
            "yes" if evaluation.too_good else "",
            "yes" if evaluation.judged_on_cpu else "",
            *(scores.get(column) for column in columns),
        ]
