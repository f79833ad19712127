"""The one place that ends an evaluation, and keeps the standings true."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet

from evaluators.report import EvaluationReport
from evaluators.verdicts import Verdict
from server.competitions.models import Competition, Team
from server.competitions.services import board_touch
from server.database_faults import PASSING, lasting
from server.leaderboards.events import finish_log, rebuild_log, standing_log
from server.leaderboards.models import Standing
from server.leaderboards.ranking import Best, best_of_team
from server.submissions.claim import Claim
from server.submissions.models import Evaluation
from server.submissions.refusals import StaleClaim
from server.submissions.services import (
    StoredResults,
    evaluation_record,
    evaluation_recorded,
    results_discard,
    results_store,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A standing that is not what the evaluations say.

    Attributes:
        stored: what the table says; None if it lacks the team.
        computed: what it should say; None if the team should not stand there.
    """

    team_id: int
    stored: Best | None
    computed: Best | None


def _not_again() -> bool:
    return False


def evaluation_finish(
    *, claim: Claim, report: EvaluationReport, worth_it: Callable[[], bool] = _not_again
) -> Evaluation:
    """Ends an evaluation: verdict, scores, standing and log in one transaction, once.

    Args:
        claim: the worker's claim.
        report: what judging found.
        worth_it: asked when the database did not take it whether to try again.

    Raises:
        StaleClaim: the evaluation was taken from the worker meanwhile; nothing is written.
    """
    results = results_store(claim=claim, report=report)
    try:
        return lasting(lambda: _finish(claim, report, results), worth_it=worth_it)
    except PASSING:
        # Whether it was written isn't known. If not, the storage's sweep takes the results.
        raise
    except BaseException:
        results_discard(results=results)
        raise


def _finish(claim: Claim, report: EvaluationReport, results: StoredResults) -> Evaluation:
    try:
        with transaction.atomic():
            evaluation = evaluation_record(claim=claim, report=report, results=results)
            finish_log(evaluation=evaluation, report=report)
            if report.verdict is Verdict.SCORED:
                standing_update(team=evaluation.team)
            return evaluation
    except StaleClaim:
        # The database may have taken it before, and only its answer was lost.
        written = evaluation_recorded(claim=claim, report=report, results=results)
        if written is None:
            raise
        return written


def standing_update(*, team: Team) -> Standing | None:
    """Computes a team's standing from its evaluations, and keeps or removes its row."""
    with transaction.atomic():
        locked, competition = _locked(team)
        best = best_of_team(competition=competition, team=locked)
        standing = Standing.objects.filter(competition=competition, team=locked).first()
        before = Best.of(standing) if standing else None
        if best == before:
            return standing
        # What only staff see must not show by a new name of the board that all see.
        if competition.private_revealed or _shown(best) != _shown(before):
            board_touch(competition_id=competition.pk)
        standing_log(competition=competition, team=locked, before=before, after=best)
        if best is None:
            Standing.objects.filter(competition=competition, team=locked).delete()
            return None
        return Standing.objects.update_or_create(
            competition=competition, team=locked, defaults=best.columns()
        )[0]


def standings_compare(*, competition: Competition) -> list[Difference]:
    """Returns the standings of a competition that are not what its evaluations say.

    What is scored between the looks at the one and at the others is no difference: each is looked
    at once more, while nothing of its team can be scored.
    """
    stored = {
        standing.team_id: Best.of(standing)
        for standing in Standing.objects.filter(competition=competition)
    }
    suspects = [
        team
        for team in _teams(competition)
        if best_of_team(competition=competition, team=team) != stored.get(team.pk)
    ]
    looked = [_difference(team) for team in suspects]
    return [difference for difference in looked if difference is not None]


def standings_rebuild(*, competition: Competition) -> list[Difference]:
    """Computes all standings of a competition anew, and returns which were wrong."""
    differences = standings_compare(competition=competition)
    rebuild_log(competition=competition, differed=len(differences))
    for difference in differences:
        standing_update(team=Team.objects.get(pk=difference.team_id))
    return differences


def _difference(team: Team) -> Difference | None:
    with transaction.atomic():
        locked, competition = _locked(team)
        standing = Standing.objects.filter(competition=competition, team=locked).first()
        stored = Best.of(standing) if standing else None
        computed = best_of_team(competition=competition, team=locked)
    return None if computed == stored else Difference(locked.pk, stored, computed)


def _locked(team: Team) -> tuple[Team, Competition]:
    """Locks a team, in a transaction: what is scored of it passes here one at a time."""
    locked = Team.objects.select_for_update().get(pk=team.pk)
    competitions = Competition.objects.select_related("task_version", "course")
    return locked, competitions.get(pk=locked.competition_id)


def _shown(best: Best | None) -> Best | None:
    """What everybody sees of a place before the private scores are revealed."""
    return best and replace(best, private_primary_key=0.0, private_secondary_key=0.0)


def _teams(competition: Competition) -> QuerySet[Team]:
    return Team.objects.filter(competition=competition).order_by("pk")
