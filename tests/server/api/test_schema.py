import io
import re

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.core.management import call_command
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_raises_no_warning() -> None:
    said = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=said)
    schema = yaml.safe_load(said.getvalue())
    assert "/api/v1/competitions/{slug}/submissions" in schema["paths"]


def test_every_operation_says_what_its_problems_look_like() -> None:
    schema = yaml.safe_load(APIClient().get("/api/schema/").content)
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            content = operation["responses"]["default"]["content"]
            assert list(content) == ["application/problem+json"], (method, path)


def test_anyone_can_browse_it_without_another_host() -> None:
    page = APIClient().get("/api/docs/")
    html = page.content.decode()
    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(sources) >= 4
    for source in sources:
        assert source.startswith("/"), source
        if source.startswith("/static/"):
            assert finders.find(source.removeprefix("/static/")), source
    # The policy forbids scripts inside the page.
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", html)
    assert "script-src" not in page["Content-Security-Policy"]
    assert "default-src 'self'" in page["Content-Security-Policy"]
