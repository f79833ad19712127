"""Deadlines in the nights when the clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from server.courses.local_times import Prefer, moment_of

PRAGUE = ZoneInfo("Europe/Prague")


def _at(text: str, zone: ZoneInfo, prefer: Prefer) -> tuple[datetime, str]:
    moment = moment_of(local=datetime.fromisoformat(text), zone=zone, prefer=prefer)
    return moment.at, moment.note


def test_an_ordinary_time_is_that_of_the_zone() -> None:
    assert _at("2026-11-27T18:00", PRAGUE, "later") == (datetime(2026, 11, 27, 17, tzinfo=UTC), "")
    assert _at("2026-07-27T18:00", PRAGUE, "later") == (datetime(2026, 7, 27, 16, tzinfo=UTC), "")


def test_a_moment_with_its_zone_stays() -> None:
    assert _at("2026-10-25T02:30+02:00", PRAGUE, "later") == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "local", "before", "after"),
    [
        ("Europe/Prague", "2026-03-29T02:30", "2026-03-29 01:59", "2026-03-29 03:00"),
        ("Europe/Prague", "2026-03-29T02:00", "2026-03-29 01:59", "2026-03-29 03:00"),
        ("America/New_York", "2026-03-08T02:59", "2026-03-08 01:59", "2026-03-08 03:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04 01:59", "2026-10-04 02:30"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-29 23:59", "2011-12-31 00:00"),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused_with_the_nearest_two(
    zone: str, local: str, before: str, after: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        _at(local, ZoneInfo(zone), "later")
    assert f"nearest times are {before} and {after}" in refused.value.messages[0]


def test_of_a_time_that_comes_twice_students_get_the_better_one() -> None:
    start, said_of_start = _at("2026-10-25T02:30", PRAGUE, "earlier")
    deadline, said_of_deadline = _at("2026-10-25T02:30", PRAGUE, "later")
    assert start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert deadline == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert "earlier one is taken: 02:30 CEST, 00:30 UTC" in said_of_start
    assert "later one is taken: 02:30 CET, 01:30 UTC" in said_of_deadline


@pytest.mark.parametrize("local", ["0001-01-01T00:00", "1999-12-31T23:59", "9999-12-31T23:59"])
def test_far_years_are_refused(local: str) -> None:
    with pytest.raises(ValidationError, match="Use a year"):
        _at(local, PRAGUE, "later")
