"""Scores that are too good to be true are shown to the staff, and to nobody else."""

import pytest

from server.competitions.models import Competition
from tests.server.cast import Cast, client_of
from tests.server.judging import judged, report_failed, report_scored

THRESHOLD = 0.2


@pytest.fixture
def suspicious(competition: Competition) -> Competition:
    version = competition.task_version
    version.spec["metrics"]["too_good"] = THRESHOLD
    version.save()
    return competition


@pytest.mark.parametrize(
    ("public", "private", "flagged"),
    [
        (0.3, 0.3, False),
        (THRESHOLD, THRESHOLD, False),
        (0.19, 0.3, True),
        (0.3, 0.19, True),  # the private split tells too, before its reveal
    ],
)
def test_either_split_flags(
    cast: Cast, suspicious: Competition, public: float, private: float, flagged: bool
) -> None:
    evaluation = judged(cast.student, suspicious, report_scored(public, private=private))
    assert evaluation.too_good is flagged


def test_without_a_threshold_nothing_is_flagged(cast: Cast, competition: Competition) -> None:
    assert not judged(cast.student, competition, report_scored(-9.0)).too_good


def test_what_is_not_scored_is_not_flagged(cast: Cast, suspicious: Competition) -> None:
    assert not judged(cast.student, suspicious, report_failed()).too_good


def test_the_staff_see_the_flag_and_find_it(cast: Cast, suspicious: Competition) -> None:
    flagged = judged(cast.student, suspicious, report_scored(0.1)).submission
    judged(cast.classmate, suspicious, report_scored(0.5))
    staff = client_of(cast.assistant)
    shown = staff.get(f"/api/v1/submissions/{flagged.public_id}").json()
    assert shown["too_good"] is True
    listed = staff.get("/api/v1/competitions/halves/all-submissions", {"too_good": "true"}).json()
    assert [row["id"] for row in listed["results"]] == [flagged.public_id]
    table = b"".join(
        staff.get("/api/v1/competitions/halves/submissions.csv").streaming_content  # type: ignore[attr-defined]
    ).decode()
    assert table.splitlines()[0].split(",")[12] == "too_good"
    browser = client_of(None)
    browser.force_login(cast.assistant)
    page = browser.get(f"/submissions/{flagged.public_id}/").content.decode()
    assert "Too good to be true?" in page and "0.2000" in page
    found = browser.get("/competitions/halves/manage/submissions/", {"too_good": "on"})
    assert found.content.decode().count("too good?</span>") == 1
    assert found.content.decode().count('class="state state-') == 1


def test_the_team_is_told_nothing(cast: Cast, suspicious: Competition) -> None:
    flagged = judged(cast.student, suspicious, report_scored(0.1)).submission
    shown = client_of(cast.student).get(f"/api/v1/submissions/{flagged.public_id}").json()
    assert shown["too_good"] is None
    browser = client_of(None)
    browser.force_login(cast.student)
    for path in (
        f"/submissions/{flagged.public_id}/",
        "/competitions/halves/submissions/",
        "/competitions/halves/leaderboard/",
    ):
        page = browser.get(path).content.decode().lower()
        assert "too good" not in page and "too_good" not in page
    answer = client_of(cast.student).get("/api/v1/competitions/halves").content.decode()
    assert "too_good" not in answer
