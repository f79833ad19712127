"""Who helps the operator sees the tables that they were given, and no secret of any."""

import re

import pytest
from django.contrib.auth.models import Permission

from server.accounts.models import ApiToken, User
from tests.server.access.admin_cases import CHANGED, READ
from tests.server.access.people import Visitor, content_of, visitor_make
from tests.server.access.world import World
from tests.server.cast import person_make

pytestmark = pytest.mark.django_db

TABLES = sorted(CHANGED | READ)


@pytest.fixture
def helper() -> User:
    """May log in to the admin pages, and no more yet."""
    helper = person_make("desk")
    helper.is_staff = True
    helper.save()
    return helper


def _give(helper: User, label: str, right: str = "view") -> Visitor:
    app, model = label.split(".")
    permission = Permission.objects.get(content_type__app_label=app, codename=f"{right}_{model}")
    helper.user_permissions.add(permission)
    return visitor_make("desk", helper)


@pytest.mark.parametrize("label", TABLES)
def test_without_rights_there_is_nothing(label: str, helper: User, world: World) -> None:
    desk = visitor_make("desk", helper)
    for page in ("", "add/"):
        path = f"/admin/{label.replace('.', '/')}/{page}"
        assert desk.ask("get", path).status_code == 403
        assert desk.ask("post", path).status_code == 403


@pytest.mark.parametrize("label", TABLES)
def test_a_right_to_one_table_opens_no_other(label: str, helper: User, world: World) -> None:
    desk = _give(helper, label)
    for other in TABLES:
        expected = 200 if other == label else 403
        assert desk.ask("get", f"/admin/{other.replace('.', '/')}/").status_code == expected


def test_a_right_to_look_changes_nothing(helper: User, world: World) -> None:
    desk = _give(helper, "accounts.user")
    user = world.cast.student
    path = f"/admin/accounts/user/{user.pk}/"
    assert desk.ask("get", f"{path}change/").status_code == 200
    data = {"username": "student", "email": user.email, "is_superuser": "on"}
    assert desk.ask("post", f"{path}change/", data).status_code == 403
    assert desk.ask("post", f"{path}password/", {"password1": "x"}).status_code == 403
    assert desk.ask("post", f"{path}delete/", {"post": "yes"}).status_code == 403
    assert not User.objects.get(pk=user.pk).is_superuser


@pytest.mark.parametrize("label", TABLES)
def test_no_action_tells_a_secret(label: str, world: World) -> None:
    """Lists offer deleting at most, and that names rows only."""
    path = f"/admin/{label.replace('.', '/')}/"
    operator = world.visitors["operator"]
    page = content_of(operator.ask("get", path)).decode()
    assert _actions(page) == ({"delete_selected"} if label in CHANGED else set())


def test_a_token_is_told_by_its_first_characters_only(helper: User, world: World) -> None:
    desk = _give(helper, "accounts.apitoken")
    token = ApiToken.objects.get(pk=world.keys["token"])
    page = content_of(desk.ask("get", f"/admin/accounts/apitoken/{token.pk}/change/")).decode()
    assert token.hint in page
    assert token.hash not in page and world.token not in page


def _actions(page: str) -> set[str]:
    """The actions that a list offers."""
    chosen = page.partition('<select name="action"')[2].partition("</select>")[0]
    return set(re.findall(r'<option value="(\w+)"', chosen))
