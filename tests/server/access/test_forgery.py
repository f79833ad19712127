"""No other site can make a browser change anything, at whatever address."""

import re

import pytest
from django.test import Client

from server.accounts.models import ApiToken
from server.competitions.models import Announcement
from tests.server.access.case import UNSAFE, Case
from tests.server.access.cases import CASES
from tests.server.access.fingerprint import fingerprint
from tests.server.access.people import content_of, send
from tests.server.access.world import World, undone

pytestmark = pytest.mark.django_db

# Whoever could do most there, and whoever could do least.
STRONGEST = ("instructor", "operator", "student", "foreign_instructor")
# Not sent on, not there, or nothing that such a request could be of.
REFUSED = {403, 404, 405}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_a_forged_request_is_refused_and_changes_nothing(case: Case, world: World) -> None:
    path, data = case.path.format(**world.keys), case.sent(world.keys)
    before = fingerprint()
    wrong = []
    for name in STRONGEST:
        for method in UNSAFE:
            status = world.visitors[name].forged(method, path, data).status_code
            # What they could not do with a form of ours either may say so first.
            if status not in REFUSED and status not in case.expected(method, name):
                wrong.append(f"{method} by {name}: {status}")
            if status not in REFUSED and case.changes(method, name):
                wrong.append(f"{method} by {name}: {status}, which may change something")
    assert wrong == []
    assert fingerprint() == before


def test_a_form_of_ours_is_taken(world: World) -> None:
    student = world.visitors["student"]
    with undone():
        page = content_of(student.ask("get", "/account/")).decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found
        data = {"name": "from a form", "csrfmiddlewaretoken": found[1]}
        student.careful.cookies = student.browser.cookies
        assert send(student.careful, "post", "/account/", data).status_code == 200
        assert ApiToken.objects.filter(name="from a form").exists()


def test_a_script_of_ours_is_taken(world: World) -> None:
    """The API with a session: its token comes in a header."""
    instructor = world.visitors["instructor"]
    path = "/api/v1/competitions/halves/announcements"
    data = {"title": "By script", "text": "All is well."}
    with undone():
        instructor.ask("get", "/account/")
        instructor.careful.cookies = instructor.browser.cookies
        token = instructor.browser.cookies["csrftoken"].value
        headers = {"X-CSRFToken": token}
        assert send(instructor.careful, "post", path, data, headers).status_code == 201
        assert Announcement.objects.filter(title="By script").exists()


def test_the_refusal_says_what_to_do(world: World) -> None:
    student: Client = world.visitors["student"].careful
    page = world.visitors["student"].forged("post", "/logout/", {})
    assert page.status_code == 403
    assert "The form was too old" in content_of(page).decode()
    assert student.cookies["sessionid"].value
