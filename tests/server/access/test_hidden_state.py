"""Whatever changes of what one may not see, all that one can ask for stays the same to the byte."""

import re
from collections.abc import Iterator, Mapping

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.db.models.query import QuerySet
from django.utils import timezone

from server.accounts.models import User
from server.competitions.models import TeamMember
from server.competitions.services import announcement_post
from server.courses.models import Action, Course, Membership
from server.courses.services import action_log
from server.leaderboards.models import Standing
from server.submissions.models import Artifact, Diagnostic, Evaluation, Score, Submission
from tests.server.access.cases import CASES
from tests.server.access.people import Visitor, content_of
from tests.server.access.world import World
from tests.server.cast import competition_make, person_make
from tests.server.judging import submit

pytestmark = pytest.mark.django_db

# One's own tokens tell when they were last used, and the admin pages are the operator's.
LEFT_OUT = ("/admin/", "/account/", "/api/v1/tokens")
READ = [
    case
    for case in CASES
    # A kit is made of the server's own sources, and of nothing that could change here.
    if case.get and not case.path.startswith(LEFT_OUT) and not case.path.endswith("/kit")
]
QUERIES = ("", "limit=1", "split=private", "seen=x")
# Drawn anew for each answer, or the time of it.
FRESH = re.compile(
    rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"|data-now="[^"]*"|csrftoken=[^;]*'
    rb"|:[0-9A-Za-z]{6}:[\w-]{43}"  # when a cursor was signed, and its signature
)
FRESH_HEADERS = {"Expires", "Last-Modified", "Date", "Retry-After", "X-Request-ID"}


@pytest.mark.parametrize("name", ["anonymous", "student", "classmate", "stranger", "removed"])
def test_hidden_changes_change_nothing_that_can_be_read(name: str, world: World) -> None:
    visitor = world.visitors[name]
    visitor.ask("get", "/api/v1/me", means="program")
    before = dict(_read(world, visitor))
    _change_what_is_hidden(world, name)
    after = dict(_read(world, visitor))
    assert [path for path in before if before[path] != after[path]] == []


def test_a_change_that_may_be_seen_is_seen(world: World) -> None:
    """The comparison above would notice."""
    visitor = world.visitors["student"]
    before = dict(_read(world, visitor))
    evaluation = world.evaluations["student"]
    Evaluation.objects.filter(pk=evaluation.pk).update(practice_log="another log")
    Score.objects.filter(evaluation=evaluation, split="public").update(value=0.3)
    after = dict(_read(world, visitor))
    changed = {path for path in before if before[path] != after[path]}
    assert f"/submissions/{world.keys['submission']}/" in changed
    assert "/api/v1/competitions/halves/leaderboard" in changed


def _read(world: World, visitor: Visitor) -> Iterator[tuple[str, object]]:
    for case in READ:
        path = case.path.format(**world.keys)
        for query in QUERIES:
            asked = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
            response = visitor.ask("get", asked, means=case.means)
            headers = {k: v for k, v in response.headers.items() if k not in FRESH_HEADERS}
            body = FRESH.sub(b"", content_of(response))
            yield asked, (response.status_code, _steady(headers), body)
            if response.status_code != 200:
                break


def _steady(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: FRESH.sub(b"", value.encode()).decode() for name, value in headers.items()}


def _change_what_is_hidden(world: World, name: str) -> None:
    """Changes all that one of the people may not see, and nothing that they may."""
    _change_what_only_staff_see()
    user = User.objects.filter(username=name).first()
    teams = TeamMember.objects.filter(user=user).values("team")
    _change_submissions(Submission.objects.exclude(team__in=teams))
    _change_people(User.objects.exclude(username=name))
    _change_elsewhere(world, name)


def _change_what_only_staff_see() -> None:
    Score.objects.filter(split="private").update(
        value=-F("value") - 9, low=-F("high") - 9, high=-F("low") - 9
    )
    Standing.objects.update(
        private_primary_key=-F("private_primary_key") - 9,
        private_secondary_key=-F("private_secondary_key") - 9,
    )
    for evaluation in Evaluation.objects.all():
        Evaluation.objects.filter(pk=evaluation.pk).update(
            judged_log=f"{evaluation.judged_log} and more",
            judged_log_dropped=77,
            error=f"{evaluation.error} and more",
            too_good=not evaluation.too_good,
            worker="another worker",
            provenance={**evaluation.provenance, "runtime": "another"},
            statistics_key="another key",
            predictions_key="another key",
        )


def _change_submissions(others: QuerySet[Submission]) -> None:
    """What a team sent, and what came of it but for what stands on boards."""
    others.update(
        message="another message",
        filename="another.zip",
        size=F("size") + 1,
        sha256="b" * 64,
        storage_key=Concat(F("storage_key"), Value("-another")),
    )
    evaluations = Evaluation.objects.filter(submission__in=others)
    evaluations.update(practice_log="another log", durations={"unpack": 9.0}, peak_memory_mb=9.0)
    # Sizes keep their order, which decides between teams that are alike.
    Artifact.objects.filter(evaluations__in=evaluations).update(
        size=F("size") * 2, entry="another.py", files=9
    )
    Standing.objects.filter(evaluation__in=evaluations).update(artifact_size=F("artifact_size") * 2)
    Score.objects.filter(evaluation__in=evaluations, split="practice").update(value=0.123)
    Diagnostic.objects.filter(evaluation__in=evaluations).update(caption="another caption")


def _change_people(others: QuerySet[User]) -> None:
    for user in others:
        User.objects.filter(pk=user.pk).update(email=f"another.{user.pk}@example.org", password="x")
        user.api_tokens.create(name="another", hash=f"{user.pk:064d}", hint="sb_othe")
    Course.objects.update(invite_code=Concat(Value("other-"), F("pk")))


def _change_elsewhere(world: World, name: str) -> None:
    """New members, new entries of logs; and a competition of a course of which one is not."""
    cast = world.cast
    newcomer = person_make("newcomer")
    Membership.objects.create(course=cast.course, user=newcomer)
    action_log(course=cast.course, actor=cast.instructor, action=Action.BOARD_HIDE)
    course = cast.course if name == "stranger" else cast.other_course
    actor = cast.instructor if name == "stranger" else cast.foreign_instructor
    competition = competition_make(
        course, slug="hidden", task_version=world.halves.task_version, daily_limit=9
    )
    announcement_post(competition=competition, author=actor, title="Hidden", text="Hidden.")
    Membership.objects.get_or_create(course=course, user=newcomer)
    sent = submit(newcomer, competition, at=timezone.now())
    # Of what waits in front of one's own only the number is told: this waits behind.
    Evaluation.objects.filter(submission=sent).update(behind=True)
