"""Classes and who belongs to them."""

from zoneinfo import ZoneInfo

from django.conf import settings
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
    """

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120, validators=[validate_plain_text])
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_time_zone])
    invite_code = models.CharField(max_length=20, unique=True, default=invite_code)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)


class Role(models.TextChoices):
    """What a member is in a course."""

    PARTICIPANT = "participant"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"


STAFF_ROLES = (Role.ASSISTANT, Role.INSTRUCTOR)


class Membership(models.Model):
    """That a person belongs to a course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "user"], name="membership_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.course} as {self.role}"

    @property
    def is_staff(self) -> bool:
        """Whether it is an assistant's or an instructor's."""
        return self.role in STAFF_ROLES
