from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from server.courses.models.course import Course

# What stands where a person's name would: no user name has a space.
SERVER = "the server"


class By(models.TextChoices):
    """As what somebody did it."""

    STAFF = "staff", "staff"
    PARTICIPANT = "participant", "participants"
    SERVER = "server", SERVER


class Action(models.TextChoices):
    """What may touch a grade or somebody's access."""

    COURSE_CREATE = "course_create", "created the course"
    COURSE_EDIT = "course_edit", "changed the course"
    INVITE_CODE_CHANGE = "invite_code_change", "changed the invite code"
    MEMBER_REMOVE = "member_remove", "removed a member"
    MEMBER_ROLE = "member_role", "changed a role"
    COMPETITION_OPEN = "competition_open", "opened a competition"
    COMPETITION_EDIT = "competition_edit", "changed a competition"
    COMPETITION_DELETE = "competition_delete", "deleted a competition"
    EXTENSION_GIVE = "extension_give", "extended a team’s deadline"
    EXTENSION_WITHDRAW = "extension_withdraw", "withdrew a team’s extension"
    BOARD_REVEAL = "board_reveal", "revealed the private board"
    BOARD_HIDE = "board_hide", "hid the private board"
    TEAM_BASELINE = "team_baseline", "marked a team as a baseline, or not as one"
    TEAM_RENAME = "team_rename", "renamed a team"
    ANNOUNCEMENT_POST = "announcement_post", "posted an announcement"
    ANNOUNCEMENT_EDIT = "announcement_edit", "changed an announcement"
    ANNOUNCEMENT_DELETE = "announcement_delete", "deleted an announcement"
    SUBMISSION_SEND = "submission_send", "sent a submission"
    SUBMISSION_CANCEL = "submission_cancel", "cancelled a submission"
    EVALUATION_FINISH = "evaluation_finish", "judged a submission"
    EVALUATION_ERROR = "evaluation_error", "could not judge a submission"
    EVALUATION_AGAIN = "evaluation_again", "had a submission judged again"
    STANDING_CHANGE = "standing_change", "changed a team’s standing"
    STANDINGS_REBUILD = "standings_rebuild", "computed the standings anew"


# Their subject is a submission's public id.
OF_SUBMISSIONS = {
    Action.SUBMISSION_SEND,
    Action.SUBMISSION_CANCEL,
    Action.EVALUATION_FINISH,
    Action.EVALUATION_ERROR,
    Action.EVALUATION_AGAIN,
}


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
        by: as what.
        actor: who did it; None for the server itself.
        subject: to what or whom, as it was called then.
        before: the values that were changed, as they were.
        after: the same values, as they are since.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="logged_actions")
    by = models.CharField(max_length=11, choices=By.choices, default=By.STAFF)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=24, choices=Action.choices)
    subject = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(auto_now_add=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by=By.SERVER, actor__isnull=True)
                | Q(by__in=[By.STAFF, By.PARTICIPANT], actor__isnull=False),
                name="logged_action_by",
            )
        ]
        indexes = [
            models.Index(fields=["course", "-id"], name="logged_action_order"),
            models.Index(fields=["course", "by", "-id"], name="logged_action_by_order"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.get_action_display()}: {self.subject}"

    @property
    def who(self) -> str:
        """Who did it, by their user name."""
        return self.actor.username if self.actor else SERVER

    @property
    def submission_id(self) -> str:
        """The public id of the submission that it is about; empty if it is about none."""
        return self.subject if self.action in OF_SUBMISSIONS else ""
