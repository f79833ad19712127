"""The checks after each fault find what they are there for."""

from dataclasses import dataclass
from typing import Any

import pytest

from evaluators.verdicts import Verdict
from server.competitions.models import Competition
from server.leaderboards.models import Standing
from server.submissions.models import Evaluation, Score
from tests.chaos.arena import Sent
from tests.chaos.checks import wrong_with
from tests.chaos.fault import ONCE
from tests.chaos.uploads import Upload
from tests.chaos.world import Person
from tests.server.cast import Cast, client_of
from tests.server.judging import judged, report_scored

pytestmark = pytest.mark.django_db


@dataclass
class Looking:
    """What the checks ask of an arena, without processes."""

    sent: list[Sent]

    @property
    def students(self) -> "Looking":
        return self

    def get(self, person: Person, path: str) -> Any:
        return client_of(person.user).get(f"/api/v1{path}").json()


@pytest.fixture
def arena(cast: Cast, competition: Competition) -> Any:
    evaluation = judged(cast.student, competition, report_scored(0.25, private=0.25))
    upload = Upload(b"", Verdict.SCORED, 0.25)
    person = Person(cast.student, "")
    submission = evaluation.submission.public_id
    return Looking([Sent(person, upload, competition.slug, submission, struck=True, attempts=ONCE)])


def _wrong(arena: Any) -> list[str]:
    # Other tests leave files.
    return [line for line in wrong_with(arena) if "files that no row has" not in line]


def test_what_is_right_passes(arena: Any) -> None:
    assert _wrong(arena) == []


def test_a_score_that_is_lost_doubled_or_another_is_told(arena: Any) -> None:
    score = Score.objects.get(metric="log_loss", split="private")
    Score.objects.filter(pk=score.pk).update(value=0.3)
    assert any("log loss 0.3 on private" in line for line in _wrong(arena))
    Score.objects.filter(split="practice", metric="accuracy").delete()
    assert any("other scores than each once" in line for line in _wrong(arena))


def test_a_standing_that_is_lost_is_told(arena: Any) -> None:
    Standing.objects.all().delete()
    told = _wrong(arena)
    assert any("0 standings" in line for line in told)
    assert any("standings: 1 standings are wrong" in line for line in told)


def test_another_verdict_attempt_or_quota_is_told(arena: Any) -> None:
    Evaluation.objects.update(attempt=2, verdict=Verdict.TIMEOUT.value, stage="practice")
    told = _wrong(arena)
    assert any("done timeout" in line for line in told)
    assert any("2 attempts" in line for line in told)
    assert any("quota" in line for line in told)


def test_a_submission_of_nobody_s_is_told(arena: Any, cast: Cast) -> None:
    arena.sent *= 2
    assert any("1 submissions listed, not 2" in line for line in _wrong(arena))
