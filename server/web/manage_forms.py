"""What those who run a course fill in."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError

from evaluators.verdicts import Verdict
from server.competitions.models import Competition, Kind, Visibility
from server.competitions.selectors import tasks_latest
from server.courses.local_times import Prefer, moment_of
from server.courses.models import Role
from server.submissions.models import Status
from server.submissions.selectors import SubmissionFilter
from server.web.forms import PageForm
from server.web.words import VERDICT_TITLES

LOCAL_FORMAT = "%Y-%m-%dT%H:%M"
FEW_A_DAY, MANY_A_DAY = 1, 1000


class LocalTimeField(forms.CharField):
    """A local time of the course, as the browser's own picker writes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=20,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Returns the local time without a zone.

        Raises:
            ValidationError: it is no time.
        """
        text = super().clean(value)
        try:
            # Some browsers send the seconds too.
            return datetime.strptime(text[:16], LOCAL_FORMAT)  # noqa: DTZ007 - the form has the zone
        except ValueError as error:
            raise ValidationError("Write a time such as 2026-11-27T18:00.") from error


class ZonedForm(PageForm):
    """A form whose times are those of a course's time zone.

    Attributes:
        notes: what to tell about times that come twice.
    """

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.notes: list[str] = []

    def resolve(self, name: str, prefer: Prefer) -> datetime:
        """Returns the moment that a field's local time means.

        Raises:
            ValidationError: the clocks skip that time.
        """
        moment = moment_of(local=self.cleaned_data[name], zone=self.zone, prefer=prefer)
        if moment.note:
            self.notes.append(moment.note)
        return moment.at

    def clean_opens_at(self) -> datetime:
        """The start: of two the earlier."""
        return self.resolve("opens_at", "earlier")

    def clean_closes_at(self) -> datetime:
        """The deadline: of two the later."""
        return self.resolve("closes_at", "later")


class CourseForm(PageForm):
    """A new course."""

    title = forms.CharField(label="Title", max_length=120)
    slug = forms.SlugField(
        label="Address",
        max_length=60,
        help_text="Short, of letters, digits, - and _; such as ml-spring-2027.",
    )
    time_zone = forms.CharField(
        label="Time zone",
        max_length=60,
        initial="UTC",
        help_text="Where the class is, such as Europe/Prague: days and deadlines follow it.",
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )


class CourseSettingsForm(PageForm):
    """What instructors decide about a course."""

    cpu_fallback = forms.BooleanField(
        label="Judge GPU tasks on a CPU while no GPU worker is online",
        required=False,
        help_text=(
            "The time limit stays the same, so what is quick on a GPU may run out of time on a "
            "CPU, and counts as judged. A submission's page says that it was judged on a CPU."
        ),
    )


class SettingsForm(ZonedForm):
    """What staff decide about a competition."""

    title = forms.CharField(label="Title", max_length=120)
    opens_at = LocalTimeField(label="Starts")
    closes_at = LocalTimeField(label="Deadline")
    daily_limit = forms.IntegerField(
        label="Submissions a day",
        min_value=FEW_A_DAY,
        max_value=MANY_A_DAY,
        initial=5,
        help_text="Of a team, that are judged.",
    )
    invalid_daily_limit = forms.IntegerField(
        label="Failed submissions a day",
        min_value=FEW_A_DAY,
        max_value=MANY_A_DAY,
        initial=20,
        help_text="Of a team, that fail before they are judged and cost nothing.",
    )
    queue_limit = forms.IntegerField(
        label="May wait at one time",
        min_value=1,
        max_value=100,
        initial=5,
        help_text="Submissions of one team.",
    )
    visibility = forms.ChoiceField(
        label="Who may watch",
        choices=Visibility.choices,
        help_text="Overview and leaderboard; only members take part.",
    )
    kind = forms.ChoiceField(label="Kind", choices=Kind.choices)


class OpenForm(SettingsForm):
    """A new competition."""

    field_order = ("task", "title", "slug")

    task = forms.ChoiceField(label="Task")
    slug = forms.SlugField(
        label="Address",
        max_length=60,
        required=False,
        help_text="Made of the title, if you leave it empty.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = {str(version.pk): version for version in tasks_latest()}
        field = self.fields["task"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(key, version.title) for key, version in self.tasks.items()]


class ExtensionForm(ZonedForm):
    """A team's own deadline."""

    team = forms.CharField(
        label="Team or user name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    closes_at = LocalTimeField(label="Their deadline")


class DeadlineForm(ZonedForm):
    """The deadline for all."""

    closes_at = LocalTimeField(label="New deadline for all")


class AnnouncementForm(PageForm):
    """What to tell everyone."""

    title = forms.CharField(label="Title", max_length=120)
    text = forms.CharField(
        label="Text",
        max_length=10_000,
        help_text="Markdown: **bold**, lists, [links](https://...), `code`.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class RoleForm(PageForm):
    """What a member is."""

    role = forms.ChoiceField(label="Role", choices=[(r.value, r.label) for r in Role])


class MembersSearch(forms.Form):
    """Which members to list."""

    search = forms.CharField(
        label="Name or email",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "All roles"), *((r.value, r.label) for r in Role)],
    )


class SubmissionSearch(forms.Form):
    """Which submissions to list."""

    search = forms.CharField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "team, author, message, file, sha256"}
        ),
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *((s.value, s.value.capitalize()) for s in Status)],
    )
    verdict = forms.ChoiceField(
        label="Verdict",
        required=False,
        choices=[("", "Any"), *((v.value, VERDICT_TITLES[v]) for v in Verdict)],
    )
    team = forms.CharField(label="Team", max_length=80, required=False)
    day = forms.DateField(
        label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    too_good = forms.BooleanField(label="Too good?", required=False)

    def wanted(self) -> SubmissionFilter:
        """What is asked for; what is wrong with it does not narrow, and is marked."""
        self.is_valid()
        return SubmissionFilter(**{k: v for k, v in self.cleaned_data.items() if v})


def time_zone_names() -> list[str]:
    """The names that a course's time zone may have, for the browser to suggest."""
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


def local_text(at: datetime, zone: ZoneInfo) -> str:
    """A moment as the browser's picker wants it."""
    return at.astimezone(zone).strftime(LOCAL_FORMAT)


def settings_initial(competition: Competition) -> dict[str, Any]:
    """What a form of a competition's settings begins with."""
    zone = competition.course.zone
    names = ("title", "daily_limit", "invalid_daily_limit", "queue_limit", "visibility", "kind")
    return {name: getattr(competition, name) for name in names} | {
        "opens_at": local_text(competition.opens_at, zone),
        "closes_at": local_text(competition.closes_at, zone),
    }
