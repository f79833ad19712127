"""A course's day, in every time zone and at every hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.submissions.selectors import day_of

# Zones that change clocks at midnight, by half an hour, or once skipped a whole day.
ZONES = [
    "Europe/Prague", "America/Santiago", "America/Havana", "Africa/Cairo", "Asia/Beirut",
    "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo", "UTC",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    at=st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001
        lambda naive: naive.replace(tzinfo=UTC)
    ),
)
def test_a_time_lies_in_its_day_and_in_no_other(zone: ZoneInfo, at: datetime) -> None:
    day = day_of(zone=zone, at=at)
    assert day.start <= at < day.end
    assert timedelta(hours=22) < day.end - day.start <= timedelta(hours=25)
    for moment in (day.start, day.end - timedelta(microseconds=1)):
        assert day_of(zone=zone, at=moment) == day
    assert day_of(zone=zone, at=day.end).start == day.end


@pytest.mark.parametrize(
    ("at", "hours"), [("2026-09-06T12:00", 23), ("2026-04-04T12:00", 25), ("2026-06-01T12:00", 24)]
)
def test_clocks_may_change_at_midnight_itself(at: str, hours: int) -> None:
    day = day_of(
        zone=ZoneInfo("America/Santiago"), at=datetime.fromisoformat(at).replace(tzinfo=UTC)
    )
    assert day.end - day.start == timedelta(hours=hours)
