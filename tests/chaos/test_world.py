"""Where and when the suite's course is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from server.courses.time_zones import validate_time_zone
from tests.chaos.world import noon_zone


@pytest.mark.parametrize("hour", range(24))
def test_it_is_about_noon_whenever_it_runs(hour: int) -> None:
    now = datetime(2026, 11, 30, hour, 59, 59, tzinfo=UTC)
    zone = noon_zone(now)
    validate_time_zone(zone)
    assert now.astimezone(ZoneInfo(zone)).hour == 12
