"""What pages offer to whom; who gets them at all is in `tests/server/access`."""

from django.test import Client

from server.competitions.models import Competition, Visibility
from tests.server.cast import Cast
from tests.server.web.conftest import browser_of


def test_strangers_are_offered_no_downloads(cast: Cast, competition: Competition) -> None:
    competition.visibility = Visibility.PUBLIC
    competition.save()
    for name in ("stranger", "anonymous"):
        page = (
            (browser_of(cast, name) if name == "stranger" else Client())
            .get("/competitions/halves/kit/")
            .content.decode()
        )
        assert "/api/v1/competitions/halves/kit" not in page
    page = browser_of(cast, "student").get("/competitions/halves/kit/").content.decode()
    assert "/api/v1/competitions/halves/kit" in page


def test_who_is_not_logged_in_comes_back_after_logging_in(cast: Cast) -> None:
    response = Client().get("/competitions/halves/submissions/?cursor=x")
    assert response.headers["Location"] == (
        "/login/?next=/competitions/halves/submissions/%3Fcursor%3Dx"
    )
