"""What no document describes: cursors of other lists, numbers of any length, broken uploads."""

import json
from pathlib import Path

import hypothesis
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pytest_django import Settings
from rest_framework.test import APIClient

from server.competitions.models import Competition
from server.keyset import MAX_LIMIT, cursor_encode
from tests.fuzz.world import World, world_make
from tests.server.cast import Cast, client_of

EXAMPLES = hypothesis.settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LISTS = (
    "/api/v1/competitions",
    "/api/v1/competitions/halves/submissions",
    "/api/v1/competitions/halves/all-submissions",
    "/api/v1/competitions/halves/leaderboard",
    "/api/v1/competitions/halves/leaderboard?split=private",
    "/api/v1/courses/spring/members",
    "/api/v1/courses/spring/log",
)
PAGES = (
    "/competitions/halves/submissions/",
    "/competitions/halves/leaderboard/",
    "/competitions/halves/leaderboard/?split=private",
    "/competitions/halves/manage/submissions/",
    "/manage/spring/members/",
    "/manage/spring/log/",
)
# What somebody can send as a part of an address.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
KEYS = st.one_of(st.integers(), st.text(max_size=20), st.floats(), st.none(), st.booleans())


@pytest.fixture
def world(cast: Cast, competition: Competition, prepared_files: None) -> World:
    return world_make(cast, competition)


@pytest.fixture
def staff(cast: Cast, world: World) -> APIClient:
    return client_of(cast.instructor)


@pytest.fixture
def browser(cast: Cast, world: World) -> Client:
    browser = Client()
    browser.force_login(cast.instructor)
    return browser


def parameter(address: str, name: str, value: str) -> tuple[str, dict[str, str]]:
    path, _, query = address.partition("?")
    return path, {name: value, **({"split": "private"} if query else {})}


@EXAMPLES
@given(st.sampled_from(LISTS), TEXT)
def test_made_up_cursors_are_refused(staff: APIClient, address: str, text: str) -> None:
    answer = staff.get(*parameter(address, "cursor", text))
    assert answer.status_code == (422 if text else 200), text


@EXAMPLES
@given(st.sampled_from(PAGES), TEXT)
def test_made_up_cursors_are_refused_on_pages(browser: Client, address: str, text: str) -> None:
    answer = browser.get(*parameter(address, "cursor", text))
    assert answer.status_code == (422 if text else 200), text


@pytest.mark.parametrize("of", LISTS)
def test_a_cursor_of_one_list_breaks_no_other(of: str, staff: APIClient, browser: Client) -> None:
    answer = staff.get(*parameter(of, "limit", "1"))
    cursor = answer.json()["next"]
    if cursor is None:
        # A list of one row: a cursor as the list itself would have made it.
        cursor = cursor_encode([1])
    for address in LISTS:
        assert staff.get(*parameter(address, "cursor", cursor)).status_code in {200, 400, 422}
    for address in PAGES:
        assert browser.get(*parameter(address, "cursor", cursor)).status_code in {200, 400, 422}


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "limit",
    ["0", "-1", "201", "1e2", "\u0663", "0000000019999", "9" * 5000, "1" + "0" * 5000, "NaN", " 1"],
)
def test_a_page_has_at_most_so_many_rows(address: str, limit: str, staff: APIClient) -> None:
    answer = staff.get(*parameter(address, "limit", limit))
    assert answer.status_code == 422
    assert f"1 to {MAX_LIMIT}" in answer.json()["detail"]


@EXAMPLES
@given(st.binary(max_size=300), st.sampled_from(["", "x", "é", "a" * 300, '"', "--"]))
def test_a_broken_upload_is_the_senders_fault(
    staff: APIClient, world: World, body: bytes, boundary: str
) -> None:
    kind = f"multipart/form-data; boundary={boundary}"
    framed = b"--" + boundary.encode() + b"\r\n" + body
    for sent in (body, framed, framed + b"\r\n--" + boundary.encode() + b"--"):
        answer = staff.generic("POST", LISTS[1], sent, kind)  # type: ignore[arg-type]
        assert 400 <= answer.status_code < 500
        assert json.loads(answer.content)["detail"]


@EXAMPLES
@given(st.binary(max_size=200))
def test_a_body_of_any_bytes_is_the_senders_fault(
    staff: APIClient, browser: Client, world: World, body: bytes
) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        answer = staff.generic("PATCH", "/api/v1/competitions/halves/settings", body, kind)  # type: ignore[arg-type]
        assert answer.status_code in {200, 400, 422}
        page = browser.generic("POST", "/account/", body, kind)
        assert page.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400),
        (b'{"daily_limit":' * 50_000, 400),
        (b'{"daily_limit": ' + b"9" * 10_000 + b"}", 400),
        (b'{"daily_limit": 1e400}', 400),
        (b'{"daily_limit": NaN}', 400),
        (b'{"title": "\\ud800"}', 400),
        (b'{"title": "' + b"x" * 3_000_000 + b'"}', 413),
        ("{}".encode("utf-16"), 400),
    ],
    ids=lambda value: str(value)[:20],
)
def test_json_made_to_harm_is_refused(body: bytes, status: int, staff: APIClient) -> None:
    address = "/api/v1/competitions/halves/settings"
    answer = staff.generic("PATCH", address, body, "application/json")  # type: ignore[arg-type]
    assert answer.status_code == status
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "address", ["/login/", "/account/", "/join/", "/signup/", "/admin/", "/api/v1/tokens"]
)
def test_files_are_kept_nowhere_but_where_they_are_asked_for(
    address: str, browser: Client, world: World, settings: Settings, tmp_path: Path
) -> None:
    # A handler that would keep them has no place to do so.
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "missing"
    for client in (browser, Client()):
        for name in ("file", "name"):
            sent = {name: SimpleUploadedFile("big.bin", b"x" * 3_000_000)}
            assert client.post(address, sent).status_code < 500
