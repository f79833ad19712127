import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Breaks running installations only where it is asked for: it takes minutes."""
    if "chaos" in str(config.getoption("-m")):
        return
    for item in items:
        if item.get_closest_marker("chaos"):
            item.add_marker(pytest.mark.skip(reason="run by make chaos, or by pytest -m chaos"))
