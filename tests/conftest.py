import pytest
from hypothesis import settings

# The same cases on every run and every machine, however slow it is: a failure means a change.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what uses the database, which is what `make test DATABASE=postgresql` runs."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(
            getattr(item, "fixturenames", ())
        ):
            item.add_marker("database")
