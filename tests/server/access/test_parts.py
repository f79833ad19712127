"""Parts of pages, which scripts ask for, are open to whom the pages are, and to nobody else."""

import pytest

from tests.server.access.case import Case
from tests.server.access.fingerprint import fingerprint
from tests.server.access.manage_cases import MANAGE_CASES
from tests.server.access.people import PEOPLE
from tests.server.access.policies import ASKED
from tests.server.access.web_cases import WEB_CASES
from tests.server.access.world import World

pytestmark = pytest.mark.django_db

PAGES = [case for case in (*WEB_CASES, *MANAGE_CASES) if case.get]
PART = {"HX-Request": "true"}


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.path)
def test_a_part_is_open_to_whom_the_page_is(case: Case, world: World) -> None:
    path = case.path.format(**world.keys)
    assert case.get is not None
    before = fingerprint()
    wrong = []
    for name in PEOPLE:
        response = world.visitors[name].ask("get", path, headers=PART)
        expected = 401 if case.get[name] == ASKED else case.get[name]
        if response.status_code != expected:
            wrong.append(f"{name}: {response.status_code}, not {expected}")
        # Whoever is to log in is not led there inside of the page.
        if expected == 401 and response.headers.get("HX-Refresh") != "true":
            wrong.append(f"{name}: not told to load the page again")
    assert wrong == []
    assert fingerprint() == before
