from django.conf import settings
from django.db import models

from server.courses.models.course import Course


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
