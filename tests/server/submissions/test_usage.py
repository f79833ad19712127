"""Times and memory carry no hidden inputs to participants."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from server.competitions.models import Competition
from server.submissions.models import Evaluation
from server.submissions.selectors.usage import LEAST_MEMORY_MB, usage_of
from tests.server.cast import Cast, client_of
from tests.server.judging import judged, report_scored

START = datetime(2026, 5, 4, 9, 30, 0, 123456, tzinfo=UTC)
SECRET = 47.110815


def evaluation_of(judged_seconds: float, memory: float) -> Evaluation:
    return Evaluation(
        durations={"unpack": 0.01, "practice": 1.234, "judged": judged_seconds},
        peak_memory_mb=memory,
        started_at=START,
        finished_at=START + timedelta(seconds=2 + judged_seconds),
    )


@given(seconds=st.tuples(*[st.floats(0.001, 1.0)] * 2), memory=st.tuples(*[st.floats(65, 128)] * 2))
def test_what_rounds_to_the_same_can_not_be_told_apart(
    seconds: tuple[float, float], memory: tuple[float, float]
) -> None:
    first, second = (
        usage_of(evaluation=evaluation_of(s, m), is_staff=False)
        for s, m in zip(seconds, memory, strict=True)
    )
    assert first == second
    assert first.durations == {"unpack": 0.01, "practice": 1.234, "judged": 1.0}
    assert first.peak_memory_mb == 128
    assert first.finished_at == START + timedelta(seconds=3)


def test_little_memory_is_little_memory_and_none_is_unknown() -> None:
    for memory, told in ((0.0, 0.0), (3.2, LEAST_MEMORY_MB), (64.0, 64.0), (2048.5, 4096.0)):
        usage = usage_of(evaluation=evaluation_of(1.0, memory), is_staff=False)
        assert usage.peak_memory_mb == told


def test_staff_is_told_what_was_measured() -> None:
    usage = usage_of(evaluation=evaluation_of(SECRET, 70.5), is_staff=True)
    assert usage.durations["judged"] == SECRET
    assert usage.peak_memory_mb == 70.5
    assert usage.finished_at == START + timedelta(seconds=2 + SECRET)


@pytest.mark.parametrize(("name", "sees"), [("student", False), ("instructor", True)])
def test_the_api_and_the_page_tell_it_so(
    name: str, sees: bool, cast: Cast, competition: Competition
) -> None:
    report = report_scored(0.5)
    durations = {"unpack": 0.1, "practice": 1.5, "judged": SECRET}
    report = replace(report, durations=durations, peak_memory_mb=911.0)
    evaluation = judged(cast.student, competition, report)
    public_id = evaluation.submission.public_id
    client = client_of(cast.named(name))
    shown = client.get(f"/api/v1/submissions/{public_id}").json()
    assert (shown["durations"]["judged"] == SECRET) is sees
    assert (shown["peak_memory_mb"] == 911) is sees
    browser = Client()
    browser.force_login(cast.named(name))
    page = browser.get(f"/submissions/{public_id}/").content.decode()
    assert ("911 MB" in page) is sees
    assert ("at most 1024 MB" in page) is not sees
