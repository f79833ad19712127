from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from server.courses.models.course import Course


class Action(models.TextChoices):
    """What staff do that may touch a grade or somebody's access."""

    COURSE_CREATE = "course_create", "created the course"
    COURSE_EDIT = "course_edit", "changed the course"
    INVITE_CODE_CHANGE = "invite_code_change", "changed the invite code"
    MEMBER_REMOVE = "member_remove", "removed a member"
    MEMBER_ROLE = "member_role", "changed a role"
    COMPETITION_OPEN = "competition_open", "opened a competition"
    COMPETITION_EDIT = "competition_edit", "changed a competition"
    EXTENSION_GIVE = "extension_give", "extended a team’s deadline"
    EXTENSION_WITHDRAW = "extension_withdraw", "withdrew a team’s extension"
    BOARD_REVEAL = "board_reveal", "revealed the private board"
    BOARD_HIDE = "board_hide", "hid the private board"
    TEAM_BASELINE = "team_baseline", "marked a team as a baseline, or not as one"
    ANNOUNCEMENT_POST = "announcement_post", "posted an announcement"
    ANNOUNCEMENT_EDIT = "announcement_edit", "changed an announcement"
    ANNOUNCEMENT_DELETE = "announcement_delete", "deleted an announcement"


class ActionQuerySet(models.QuerySet["LoggedAction"]):
    """Rows that are added and read, and nothing else."""

    def update(self, **values: object) -> int:
        """Refuses: what happened does not change."""
        raise TypeError("logged actions are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuses: what happened stays."""
        raise TypeError("logged actions are never deleted")


class LoggedAction(models.Model):
    """That somebody did something in a course; never changed, and never deleted.

    Attributes:
        actor: who did it.
        subject: to what or whom, as it was called then.
        before: the values that were changed, as they were.
        after: the same values, as they are since.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="logged_actions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=24, choices=Action.choices)
    subject = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(auto_now_add=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["course", "-id"], name="logged_action_order")]

    def __str__(self) -> str:
        return f"{self.actor} {self.get_action_display()}: {self.subject}"
