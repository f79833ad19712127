from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.server.demo.installation import installation_make


@pytest.fixture
def installation(tmp_path: Path) -> Mapping[str, str]:
    """A tree of one small task with one baseline, and the environment that points there."""
    return installation_make(tmp_path)
