"""A look at a part that hangs holds up nobody for long, and is not begun twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

from server.operations.watched import Found, Watched


def test_many_who_ask_at_once_share_one_look() -> None:
    looks: list[int] = []
    go = threading.Event()

    def look() -> Found:
        looks.append(1)
        go.wait(10)
        return Found(True, "well")

    watched = Watched(look, keep_seconds=60, patience_seconds=10)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(watched.found) for _ in range(8)]
        go.set()
        assert {each.result() for each in asked} == {Found(True, "well")}
    assert watched.found().ok
    assert len(looks) == 1


def test_one_that_hangs_is_told_and_not_begun_again() -> None:
    looks: list[int] = []
    go = threading.Event()

    def look() -> Found:
        looks.append(1)
        go.wait(30)
        return Found(True, "it came back")

    watched = Watched(look, keep_seconds=0, patience_seconds=0.05)
    for _ in range(5):
        assert watched.found() == Found(False, "no answer for more than 0.05 s")
    assert len(looks) == 1
    go.set()
    while not watched.found().ok:
        pass
    assert watched.found().detail == "it came back"


def test_what_it_raises_is_told_without_passwords() -> None:
    def look() -> Found:
        raise ConnectionError("no postgres://springboard:s3cret@database:5432/springboard")

    found = Watched(look, keep_seconds=0, patience_seconds=5).found()
    assert not found.ok
    assert found.detail == (
        "ConnectionError: no postgres://springboard:[hidden]@database:5432/springboard"
    )


def test_what_was_found_is_kept_for_its_time_only() -> None:
    answers = iter([Found(False, "not yet"), Found(True, "now")])
    watched = Watched(lambda: next(answers), keep_seconds=0, patience_seconds=5)
    assert [watched.found().detail, watched.found().detail] == ["not yet", "now"]
