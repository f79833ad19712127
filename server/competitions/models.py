"""Tasks opened in courses, and the teams that compete."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from evaluators.metrics.base import Metric
from evaluators.spec import TaskSpec
from server.courses.models import Course
from server.plain_text import validate_plain_text


class TaskVersion(models.Model):
    """A task as it was on the day it was registered; never changed.

    Attributes:
        version: digest of the files that decide how a submission is judged.
        data_version: digest of the prepared data.
        spec: the parsed `task.toml`.
        description: the text of `description.md`.
    """

    slug = models.SlugField(max_length=40)
    version = models.CharField(max_length=64)
    data_version = models.CharField(max_length=64)
    title = models.CharField(max_length=80)
    spec = models.JSONField()
    description = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "version", "data_version"], name="task_version_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.version[:8]}/{self.data_version[:8]}"

    @property
    def parsed(self) -> TaskSpec:
        """The specification, typed."""
        return TaskSpec.model_validate(self.spec)

    @property
    def primary_metric(self) -> Metric:
        """The metric that ranks."""
        return self.parsed.metrics.metric(self.spec["metrics"]["primary"])

    @property
    def secondary_metrics(self) -> list[Metric]:
        """The other metrics; the first of them decides ties."""
        metrics = self.parsed.metrics
        return [metrics.metric(name) for name in metrics.secondary]


class Visibility(models.TextChoices):
    """Who may see a competition's overview and leaderboard."""

    COURSE = "course", "members of the course"
    PUBLIC = "public", "everyone"


class Kind(models.TextChoices):
    """What a competition is for."""

    STANDARD = "standard", "standard"
    FRIDAY = "friday", "Friday project, shown on a wall"


class Competition(models.Model):
    """A task opened in a course.

    Attributes:
        kind: a Friday project leads everyone to its wall.
        daily_limit: submissions of a team that are judged, in a day of the course's time zone.
        invalid_daily_limit: submissions that fail before they are judged.
        queue_limit: submissions of a team that may wait at one time.
        private_revealed: whether participants see the private scores.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="competitions")
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120, validators=[validate_plain_text])
    task_version = models.ForeignKey(TaskVersion, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    daily_limit = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    invalid_daily_limit = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    queue_limit = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default=Visibility.COURSE
    )
    private_revealed = models.BooleanField(default=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.STANDARD)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="competition_closes_after_it_opens",
                violation_error_message="A competition closes after it opens.",
            ),
            models.CheckConstraint(
                condition=Q(daily_limit__gte=1, invalid_daily_limit__gte=1, queue_limit__gte=1),
                name="competition_limits_positive",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="competition_visibility"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="competition_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether everyone may see its overview and leaderboard."""
        return self.visibility == Visibility.PUBLIC

    @property
    def is_friday(self) -> bool:
        """Whether it is a Friday project."""
        return self.kind == Kind.FRIDAY

    @property
    def board_version(self) -> int:
        """How often its standings have changed; free where `board` was loaded with it."""
        board: BoardVersion | None = getattr(self, "board", None)
        return board.version if board else 0

    def is_open(self, at: datetime) -> bool:
        """Whether submissions that arrive at a time are accepted."""
        return self.opens_at <= at < self.closes_at


class BoardVersion(models.Model):
    """How often what a competition's board is made of has changed.

    A row of its own: saving a competition as it was read must not turn the number back.
    """

    competition = models.OneToOneField(
        Competition, on_delete=models.CASCADE, primary_key=True, related_name="board"
    )
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.version}"


class Team(models.Model):
    """Who competes; one person is a team of one.

    Attributes:
        is_baseline: whether it shows what a baseline reaches, and takes no rank.
    """

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80, validators=[validate_plain_text])
    is_baseline = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "name"], name="team_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """That a person is of a team; of one team only in a competition."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_memberships"
    )
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "user"], name="team_member_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user} of {self.team}"


class TeamExtension(models.Model):
    """That a team may submit for longer than the others.

    Attributes:
        closes_at: the team's own deadline; where the competition's is later, that holds.
    """

    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="extension")
    closes_at = models.DateTimeField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.team} until {self.closes_at:%Y-%m-%d %H:%M} UTC"


class Announcement(models.Model):
    """What the course's staff tell everyone on a competition's page.

    Attributes:
        text: Markdown.
        edited: when it was last changed; None if it never was.
    """

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="announcements"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120, validators=[validate_plain_text])
    text = models.TextField(max_length=10_000)
    created = models.DateTimeField(auto_now_add=True)
    edited = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["competition", "-id"], name="announcement_order")]

    def __str__(self) -> str:
        return self.title
