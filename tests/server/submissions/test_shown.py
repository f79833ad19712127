"""What of a submission is shown to whom."""

import pytest

from server.competitions.models import Competition
from server.submissions.services import evaluation_fail
from tests.server.cast import Cast, client_of
from tests.server.judging import claim_next, judged, report_failed, report_scored, submit

EVERYONE = ("student", "assistant", "instructor")


def _shown(cast: Cast, name: str, public_id: str) -> dict[str, object]:
    response = client_of(cast.named(name)).get(f"/api/v1/submissions/{public_id}")
    assert response.status_code == 200
    shown: dict[str, object] = response.json()
    return shown


def _splits(shown: dict[str, object]) -> set[str]:
    scores = shown["scores"]
    assert isinstance(scores, list)
    return {score["split"] for score in scores}


def test_private_scores_are_the_staffs_until_the_reveal(
    cast: Cast, competition: Competition
) -> None:
    evaluation = judged(cast.student, competition, report_scored(0.5, private=0.123456))
    public_id = evaluation.submission.public_id
    assert _splits(_shown(cast, "student", public_id)) == {"practice", "public"}
    for name in ("assistant", "instructor"):
        assert _splits(_shown(cast, name, public_id)) == {"practice", "public", "private"}
    client = client_of(cast.student)
    for path in ("submissions", "leaderboard", ""):
        body = client.get(f"/api/v1/competitions/halves/{path}".rstrip("/")).content
        assert b"0.123456" not in body
    competition.private_revealed = True
    competition.save()
    assert "private" in _splits(_shown(cast, "student", public_id))


def test_what_the_judged_stage_printed_is_the_staffs(cast: Cast, competition: Competition) -> None:
    public_id = judged(cast.student, competition, report_scored(0.5)).submission.public_id
    seen = {name: _shown(cast, name, public_id)["judged_log"] for name in EVERYONE}
    assert seen == {"student": None, "assistant": "secret input\n", "instructor": "secret input\n"}
    body = client_of(cast.student).get("/api/v1/competitions/halves/submissions").content
    assert b"secret input" not in body


def test_a_fault_of_the_task_is_told_to_the_staff(cast: Cast, competition: Competition) -> None:
    public_id = submit(cast.student, competition).public_id
    evaluation_fail(claim=claim_next(), error="labels.npz is missing")
    shown = _shown(cast, "student", public_id)
    assert "labels.npz" not in str(shown)
    assert shown["status"] == "error"
    assert "nothing was charged" in str(shown["message"])
    assert _shown(cast, "instructor", public_id)["error"] == "labels.npz is missing"


def test_a_verdict_comes_with_words_and_help(cast: Cast, competition: Competition) -> None:
    public_id = judged(cast.student, competition, report_failed("no_model")).submission.public_id
    shown = _shown(cast, "student", public_id)
    message = shown["message"]
    assert isinstance(message, dict)
    assert (shown["verdict"], message["code"]) == ("invalid_artifact", "no_model")
    assert "model.py" in message["text"]
    assert message["help"]
    assert shown["practice_log"] == "told so far\n"


@pytest.mark.parametrize("name", EVERYONE)
def test_a_scored_submission_tells_what_was_measured(
    name: str, cast: Cast, competition: Competition
) -> None:
    public_id = judged(cast.student, competition, report_scored(0.5, size=77)).submission.public_id
    shown = _shown(cast, name, public_id)
    assert shown["durations"] == {"unpack": 0.1, "practice": 1.0, "judged": 1.0}
    assert shown["peak_memory_mb"] == (64.0 if name == "student" else 50.0)
    assert shown["practice_log_dropped"] == 3
    assert shown["artifact"] == {
        "digest": shown["artifact"]["digest"],  # type: ignore[index]
        "size": 77,
        "files": 1,
        "entry": "model.py",
        "kind": "python",
    }


def test_the_place_in_the_queue_is_shown(cast: Cast, competition: Competition) -> None:
    first = submit(cast.classmate, competition).public_id
    second = submit(cast.student, competition).public_id
    assert _shown(cast, "instructor", first)["queue_position"] == 1
    assert _shown(cast, "instructor", second)["queue_position"] == 2
    claim_next()
    assert _shown(cast, "instructor", first)["queue_position"] is None
    assert _shown(cast, "instructor", second)["queue_position"] == 1
