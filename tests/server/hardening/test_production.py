"""A server with the settings of production, as a proxy in front of it would ask it."""

import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.server.processes import ROOT, free_port, process, wait_for

HOST = "spring.example.org"
GIVEN = {
    "DJANGO_SETTINGS_MODULE": "server.settings.production",
    "SECRET_KEY": "a-long-one-of-the-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": HOST,
}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the server is started with, in a folder of its own with tables and static files."""
    var = tmp_path_factory.mktemp("var")
    given = GIVEN | {
        "SPRINGBOARD_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'db.sqlite3'}",
    }
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=os.environ | given,
            check=True,
            timeout=120,
        )
    return given


@pytest.fixture(scope="module")
def server(given: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("log") / "server.log"
    port = free_port()
    arguments = ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
    with process(arguments, log=log, **given, BIND=f"127.0.0.1:{port}", WEB_PROCESSES="2"):
        wait_for(lambda: log.read_text().count("Booting worker") == 2, seconds=60, log=log)
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def proxied(server: str) -> Iterator[httpx.Client]:
    """A proxy that ends TLS."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    with httpx.Client(base_url=server, headers=headers, timeout=30) as client:
        yield client


@pytest.mark.django_db
class TestProduction:
    def test_it_is_reached_by_https_only(self, proxied: httpx.Client) -> None:
        answer = proxied.get("/login/", headers={"X-Forwarded-Proto": "http"})
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"https://{HOST}/login/"
        kept = proxied.get("/login/").headers["Strict-Transport-Security"]
        assert "max-age=31536000" in kept and "includeSubDomains" in kept

    def test_its_cookies_are_secure_and_of_this_host_alone(self, proxied: httpx.Client) -> None:
        cookies = proxied.get("/login/").headers.get_list("Set-Cookie")
        assert cookies
        for cookie in cookies:
            assert cookie.startswith("__Host-")
            assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
            assert "Domain" not in cookie and "Path=/" in cookie

    @pytest.mark.parametrize("host", ["evil.example", f"{HOST}.evil.example", "127.0.0.1", ""])
    def test_it_answers_to_its_own_name_only(self, host: str, proxied: httpx.Client) -> None:
        answer = proxied.get("/", headers={"Host": host})
        assert answer.status_code == 400
        named = proxied.get("/nothing/", headers={"X-Forwarded-Host": host or "x"})
        assert named.status_code == 404 and "evil" not in named.text

    def test_probes_come_by_an_address_and_without_tls(self, server: str) -> None:
        assert httpx.get(f"{server}/healthz", timeout=30).text == "ok\n"
        ready = httpx.get(f"{server}/readyz", timeout=30)
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        passed_on = httpx.get(f"{server}/readyz", headers={"X-Forwarded-For": "1.2.3.4"})
        assert "detail" in ready.text and "detail" not in passed_on.text
        assert httpx.get(f"{server}/login/", timeout=30).status_code == 400

    def test_failures_and_files_bring_the_policies(self, proxied: httpx.Client) -> None:
        page = proxied.get("/login/")
        style = next(part for part in page.text.split('"') if part.endswith(".css"))
        for answer in (page, proxied.get(style), proxied.get("/nothing/")):
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        kept = proxied.get(style).headers["Cache-Control"]
        assert "immutable" in kept and "public" in kept

    def test_all_web_processes_count_together(self, proxied: httpx.Client) -> None:
        sent = {"username": "nobody", "password": "wrong", "name": "laptop"}
        statuses = []
        for _ in range(30):
            # A connection of its own each, so that either process may take it.
            answer = httpx.post(
                f"{proxied.base_url}/api/v1/tokens", json=sent, headers=dict(proxied.headers)
            )
            statuses.append(answer.status_code)
        assert statuses == [401] * 10 + [429] * 20

    def test_it_sends_no_mail_that_would_end_in_the_log(self, proxied: httpx.Client) -> None:
        assert "This server sends no e-mail" in proxied.get("/password/").text


def setting(name: str, given: dict[str, str], **changes: str) -> subprocess.CompletedProcess[str]:
    code = f"from django.conf import settings; print(repr(settings.{name}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | given | changes,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("hosts", "site"),
    [(HOST, f"https://{HOST}"), (".example.org,other.org", "https://example.org")],
)
def test_links_lead_to_the_first_of_its_names(hosts: str, site: str, given: dict[str, str]) -> None:
    assert setting("SITE_URL", given, ALLOWED_HOSTS=hosts).stdout.strip() == repr(site)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS has a *"),
        ({"NUM_PROXIES": "-1"}, "NUM_PROXIES is -1; write 0 or more"),
        ({"SITE_URL": "spring.example.org"}, "SITE_URL is 'spring.example.org'; write https://"),
        ({"SITE_URL": "https://spring.example.org/x"}, "SITE_URL is"),
        ({"SITE_URL": "javascript://x"}, "SITE_URL is"),
    ],
)
def test_what_would_open_a_hole_stops_the_start(
    changes: dict[str, str], said: str, given: dict[str, str]
) -> None:
    done = setting("DEBUG", given, **changes)
    assert done.returncode != 0
    assert said in done.stderr
