from zoneinfo import ZoneInfo

from django.db import models

from server.courses.time_zones import validate_time_zone
from server.ids import invite_code
from server.plain_text import validate_plain_text


class Course(models.Model):
    """A class.

    Attributes:
        time_zone: IANA name; a day of the daily limit begins at its midnight.
        invite_code: whoever knows it may join.
        is_active: an inactive course can't be joined.
        cpu_fallback: while no GPU worker is online, its submissions to tasks that ask for a GPU are
            judged on a CPU.
    """

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120, validators=[validate_plain_text])
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_time_zone])
    invite_code = models.CharField(max_length=20, unique=True, default=invite_code)
    is_active = models.BooleanField(default=True)
    cpu_fallback = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)
