"""The web process, killed in the middle of an upload, and clients that vanish in it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

from server.ids import public_id
from server.submissions.models import Submission
from tests.chaos.arena import Arena, Sent
from tests.chaos.fault import AT_MOST_TWICE, Fault
from tests.chaos.rows import asked, wait_until
from tests.chaos.uploads import scored
from tests.chaos.world import HALVES

KILOBYTES = 300


def _uploading(arena: Arena) -> None:
    upload, person, key = scored(padding=KILOBYTES), arena.world.person(), public_id()
    before = _incoming()
    with arena.students.half_sent(person, upload, competition=HALVES, key=key):
        wait_until(lambda: _incoming() != before, seconds=20, told="an upload that arrives")
        arena.strike()
        _kill(arena)
    arena.stack.web_start()
    arena.submit(upload, person=person, key=key)


def _answering(arena: Arena) -> None:
    upload, person, key = scored(), arena.world.person(), public_id()
    taken: Callable[[], bool] = Submission.objects.filter(idempotency_key=key).exists
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(arena.students.submit, person, upload, competition=HALVES, key=key)
        while not asked(taken):
            assert not answer.done(), "it was answered before its row was seen"
        arena.strike()
        _kill(arena)
        arena.stack.web_start()
        submission = answer.result()
    arena.took(Sent(person, upload, HALVES, submission, struck=True, attempts=AT_MOST_TWICE))


def _cut(arena: Arena) -> None:
    upload, person, key = scored(padding=KILOBYTES), arena.world.person(), public_id()
    before = _incoming()
    with arena.students.half_sent(person, upload, competition=HALVES, key=key):
        wait_until(lambda: _incoming() != before, seconds=20, told="an upload that arrives")
        arena.strike()
    wait_until(lambda: _incoming() == before, seconds=20, told="the end of what came in part")
    arena.submit(upload, person=person, key=key)


def _incoming() -> set[Path]:
    return set(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())


def _kill(arena: Arena) -> None:
    web = arena.stack.web
    assert web is not None
    web.kill()


FAULTS = (
    Fault(
        "web/uploading",
        "`kill -9` of the web process when half of an upload has come; the client repeats it",
        "one submission; what had come is collected",
        _uploading,
        orphans=True,
    ),
    Fault(
        "web/answering",
        "`kill -9` of the web process when the submission's row is there; the client, without an "
        "answer, repeats it with its key",
        "one submission; what the killed process had not removed is collected",
        _answering,
        orphans=True,
    ),
    Fault(
        "web/cut",
        "a client vanishes when half of its upload has come, and repeats it later",
        "one submission; of the first nothing is left at once",
        _cut,
    ),
)
