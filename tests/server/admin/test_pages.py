"""Every admin page opens, and what must not change can't be changed there."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from server.accounts.models import ApiToken, User
from server.accounts.services import token_create
from server.competitions.models import (
    Announcement,
    Competition,
    TaskVersion,
    Team,
    TeamExtension,
    TeamMember,
)
from server.courses.models import Action, LoggedAction, Membership
from server.leaderboards.models import Standing
from server.submissions.models import Artifact, Diagnostic, Evaluation, Score, Submission, Worker
from server.submissions.services import worker_seen
from tests.server.cast import Cast
from tests.server.judging import judged
from tests.server.told import report_told

OURS = [model for model in admin.site._registry if model is not Group]
FIXED = [
    Announcement,
    Artifact,
    Diagnostic,
    Evaluation,
    LoggedAction,
    Score,
    Standing,
    Submission,
    TaskVersion,
    TeamExtension,
    TeamMember,
    Worker,
]


@pytest.fixture
def operator(cast: Cast, competition: Competition) -> Client:
    judged(cast.student, competition, report_told())
    TeamExtension.objects.create(team=Team.objects.get(), closes_at=competition.closes_at)
    Announcement.objects.create(competition=competition, author=cast.assistant, title="News")
    LoggedAction.objects.create(
        course=cast.course, actor=cast.instructor, action=Action.COURSE_CREATE
    )
    token_create(user=cast.student, name="laptop")
    worker_seen(name="host:1", queue="cpu", slots=1, started_at=competition.opens_at)
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator", "operator@example.org", "x"))
    return browser


def _address(model: type[Model], page: str, *arguments: object) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=arguments)


def test_all_tables_are_there() -> None:
    assert {User, ApiToken, Membership, Competition, *FIXED} <= set(OURS)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_its_list_and_its_rows_open(model: type[Model], operator: Client) -> None:
    assert operator.get(_address(model, "changelist"), {"q": "x"}).status_code == 200
    row = model._default_manager.order_by("pk")[0]
    assert operator.get(_address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", FIXED, ids=lambda model: model.__name__)
def test_what_is_never_changed_can_not_be_changed(model: type[Model], operator: Client) -> None:
    row = model._default_manager.order_by("pk")[0]
    assert operator.get(_address(model, "add")).status_code == 403
    assert operator.post(_address(model, "change", row.pk), {}).status_code == 403
    assert operator.post(_address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


def test_no_page_shows_a_tokens_text(operator: Client, cast: Cast) -> None:
    text = token_create(user=cast.student, name="phone").text
    pages = operator.get(_address(ApiToken, "changelist")).content
    assert text.encode() not in pages


@pytest.mark.parametrize("name", ["student", "instructor"])
def test_it_is_closed_to_who_is_no_operator(name: str, cast: Cast, operator: Client) -> None:
    browser = Client()
    browser.force_login(cast.named(name))
    assert browser.get(_address(Submission, "changelist")).status_code == 302
