"""What must be true after every fault, as lines that say what is not."""

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count

from evaluators.verdicts import Verdict
from server.courses.models import Action, LoggedAction
from server.leaderboards.models import Standing
from server.submissions.models import Diagnostic, Evaluation, Score, Status, Submission
from tests.chaos.arena import Arena, Sent
from tests.chaos.rows import asked
from tests.chaos.world import HALVES

SPLITS = ("practice", "public", "private")
SECOND_METRIC = {True: "accuracy", False: "cost"}


def wrong_with(arena: Arena) -> list[str]:
    """What is wrong after a trial whose submissions have all ended."""
    return asked(lambda: [*_of_each(arena), *_of_all()])


def _of_each(arena: Arena) -> Iterator[str]:
    for sent in arena.sent:
        yield from (f"{sent.submission}: {line}" for line in _of_one(arena, sent))


def _of_one(arena: Arena, sent: Sent) -> Iterator[str]:
    evaluations = list(Evaluation.objects.filter(submission__public_id=sent.submission))
    if len(evaluations) != 1:
        yield f"{len(evaluations)} evaluations"
        return
    [evaluation] = evaluations
    cancelled = sent.upload.verdict is Verdict.CANCELLED
    status = Status.CANCELLED if cancelled else Status.DONE
    right = (status.value, sent.upload.verdict.value)
    if (evaluation.status, evaluation.verdict) != right:
        yield (
            f"{evaluation.status} {evaluation.verdict} in attempt {evaluation.attempt}, not "
            f"{' '.join(right)}: {evaluation.message_text} {evaluation.error[-2000:]}"
        )
    if evaluation.attempt not in sent.attempts:
        yield (
            f"{evaluation.attempt} attempts with {evaluation.failures} failures, not "
            f"{sent.attempts}; the last was by {evaluation.worker}; {evaluation.error[-500:]}"
        )
    yield from _scores(sent, evaluation)
    yield from _standing(_of_the_same_team(arena, sent), evaluation)
    yield from _logged(sent)
    yield from _shown(arena, sent)


def _logged(sent: Sent) -> Iterator[str]:
    """What the course's log says: sent once, judged once."""
    lines = LoggedAction.objects.filter(subject=sent.submission)
    counted = Counter(lines.values_list("action", flat=True))
    judged = sent.upload.verdict is not Verdict.CANCELLED
    if counted[Action.SUBMISSION_SEND] != 1 or (judged and counted[Action.EVALUATION_FINISH] != 1):
        yield f"the log has {dict(counted)}"


def _scores(sent: Sent, evaluation: Evaluation) -> Iterator[str]:
    scores = list(Score.objects.filter(evaluation=evaluation))
    counted = Counter((score.metric, score.split) for score in scores)
    if sent.upload.verdict is not Verdict.SCORED:
        if any(split != "practice" for _, split in counted):
            yield f"scores of what was not scored: {counted}"
        return
    metrics = ("log_loss", SECOND_METRIC[sent.competition == HALVES])
    if counted != Counter((metric, split) for metric in metrics for split in SPLITS):
        yield f"other scores than each once: {counted}"
    for score in scores:
        expected = sent.upload.log_loss
        if score.metric == "log_loss" and abs(score.value - (expected or 0)) > 1e-4:
            yield f"log loss {score.value} on {score.split}, not {expected}"
    doubles = Diagnostic.objects.filter(evaluation=evaluation).values("name", "split")
    if doubles.annotate(n=Count("pk")).filter(n__gt=1).exists():
        yield "diagnostics twice"


def _standing(same: list[Sent], evaluation: Evaluation) -> Iterator[str]:
    """One standing by the best of the team's scored submissions; none if there is none."""
    expected = [one.upload.log_loss for one in same if one.upload.log_loss is not None]
    standings = list(Standing.objects.filter(team=evaluation.team))
    if len(standings) != bool(expected):
        yield f"{len(standings)} standings of its team"
        return
    for standing in standings:
        best = Score.objects.get(
            evaluation=standing.evaluation, metric="log_loss", split="public"
        ).value
        if abs(best - min(expected)) > 1e-4:
            yield f"its team stands by {best}, its best is {min(expected)}"


def _of_the_same_team(arena: Arena, sent: Sent) -> list[Sent]:
    return [
        one
        for one in arena.sent
        if (one.person, one.competition) == (sent.person, sent.competition)
    ]


def _shown(arena: Arena, sent: Sent) -> Iterator[str]:
    """What its own student sees of it, and of the quota."""
    shown = arena.students.get(sent.person, f"/submissions/{sent.submission}")
    if shown["verdict"] != sent.upload.verdict.value:
        yield f"the student is shown {shown['verdict']}"
    same = _of_the_same_team(arena, sent)
    charged = [one.upload for one in same if one.upload.charged]
    invalid = sum(upload.invalid for upload in charged)
    quota = arena.students.get(sent.person, f"/competitions/{sent.competition}")["quota"]
    if (quota["used"], quota["invalid_used"]) != (len(charged) - invalid, invalid):
        yield f"quota {quota}, but {len(charged)} are charged, {invalid} of them as invalid"
    listed = arena.students.get(sent.person, f"/competitions/{sent.competition}/submissions")
    if len(listed["results"]) != len(same):
        yield f"{len(listed['results'])} submissions listed, not {len(same)}"


def _of_all() -> Iterator[str]:
    said = io.StringIO()
    try:
        call_command("standings", "check", stdout=said)
    except CommandError as error:
        yield f"standings: {error} {said.getvalue()}"
    yield from _files()


def _files() -> Iterator[str]:
    """Files that no row has, and rows whose file is gone."""
    root = Path(settings.STORAGE_DIR)
    there = {
        str(path.relative_to(root))
        for folder in ("uploads", "results", "incoming")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    known = set(Submission.objects.values_list("storage_key", flat=True))
    for keys in Evaluation.objects.values_list("statistics_key", "predictions_key"):
        known.update(keys)
    known.update(Diagnostic.objects.values_list("picture_key", flat=True))
    known.discard("")
    if orphans := there - known:
        yield f"{len(orphans)} files that no row has, as {min(orphans)}"
    if missing := known - there:
        yield f"{len(missing)} rows without their file, as {min(missing)}"
