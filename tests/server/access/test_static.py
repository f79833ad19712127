"""Static files are open to everyone, and nothing else lies among them."""

import pytest

from tests.server.access.people import PEOPLE, content_of
from tests.server.access.world import World

pytestmark = pytest.mark.django_db

OUTSIDE = (
    "/static/", "/static/web/", "/static/web", "/static/../manage.py", "/static/%2e%2e/manage.py",
    "/static/web/%2e%2e/%2e%2e/%2e%2e/settings/base.py", "/static//etc/passwd",
    "/static/web/site.css%00.txt", "/static/..%5c..%5cmanage.py", "/storage/", "/media/",
    "/var/db.sqlite3", "/.env", "/.git/config", "/tasks/halves/task.toml", "/static/__init__.py",
)  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_everyone_loads_the_pages_files(name: str, world: World) -> None:
    visitor = world.visitors[name]
    for path in ("/static/web/site.css", "/static/web/submit.js"):
        assert visitor.ask("get", path).status_code == 200
        for method in ("post", "put", "patch", "delete"):
            assert visitor.ask(method, path).status_code in {404, 405}


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_else_is_found_there(path: str, world: World) -> None:
    for name in ("anonymous", "student", "operator"):
        response = world.visitors[name].ask("get", path)
        assert response.status_code == 404
        body = content_of(response)
        assert b"SECRET_KEY" not in body and b"execute_from_command_line" not in body
