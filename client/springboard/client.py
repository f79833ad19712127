"""A Springboard server from Python, as from a notebook."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from springboard.accounts import Accounts
from springboard.connection import Connection, Tell
from springboard.diagnostics import diagnostics_save
from springboard.download import OnBytes, competition_download
from springboard.errors import TryLater, UsageError
from springboard.places import config_folder
from springboard.results import (
    BoardRow,
    Competition,
    CompetitionDetail,
    Diagnostic,
    Diagnostics,
    Me,
    Page,
    Submission,
    result_read,
)
from springboard.retries import Retries
from springboard.target import target_find
from springboard.upload import submission_send

PAGE_ROWS = 200
# A server whose pages never end is not followed for ever.
MOST_PAGES = 10_000
POLL_SECONDS = (0.5, 1.0, 1.0, 2.0)

R = TypeVar("R")


class Springboard:
    """A server, as you are logged in there with `springboard login`.

    >>> board = Springboard()
    >>> sent = board.submit("submissions/torch.zip", message="wider layers")
    >>> board.wait(sent).score("log_loss")

    In the folder that `springboard download` made, the competition need not be named. All methods
    raise a `SpringboardError` that says what is wrong and what to do.

    Args:
        server: its address; by default that of SPRINGBOARD_SERVER, of the folder, or of the last
            login.
        token: yours; by default SPRINGBOARD_TOKEN, or the one that `springboard login` kept.
        retries: how patient to be with a bad connection.
        tell: is told in words when something is tried again.
    """

    def __init__(
        self,
        server: str | None = None,
        token: str | None = None,
        *,
        retries: Retries | None = None,
        tell: Tell = lambda text: None,
    ) -> None:
        self._target = target_find(
            server=server, token=token, accounts=Accounts(config_folder()), folder=Path.cwd()
        )
        self._connection = Connection(
            self._target.server, self._target.token, retries=retries, tell=tell
        )

    @property
    def server(self) -> str:
        """The server's address."""
        return self._target.server

    def me(self) -> Me:
        """Who you are there."""
        return result_read(Me, self.server, self._connection.get("me"))

    def competitions(self) -> tuple[Competition, ...]:
        """The competitions that you may see, newest first."""
        return tuple(self._pages(Competition, "competitions", None))

    def competition(self, competition: str | None = None) -> CompetitionDetail:
        """One competition: its metrics, its limits, and what you have left of the day."""
        slug = self._target.competition_or(competition)
        found = self._connection.get(f"competitions/{slug}")
        return result_read(CompetitionDetail, self.server, found)

    def download(
        self,
        competition: str | None = None,
        path: str | Path | None = None,
        *,
        force: bool = False,
        on_bytes: OnBytes = lambda what, got, total: None,
    ) -> Path:
        """Downloads kit and data into one folder and returns it.

        Args:
            competition: its short name.
            path: the folder; by default one of that name, here.
            force: overwrite files of yours that differ from the kit's.
            on_bytes: is told what is downloaded, how much came, and how much is announced.
        """
        slug = self._target.competition_or(competition)
        folder = Path(slug if path is None else path).expanduser()
        return competition_download(self._connection, slug, folder, force=force, on_bytes=on_bytes)

    def submit(
        self,
        path: str | Path,
        *,
        competition: str | None = None,
        message: str = "",
        on_bytes: Callable[[int, int], None] = lambda sent, total: None,
    ) -> Submission:
        """Submits a model. It is judged later: see `wait`.

        Args:
            path: a zip, a folder with `model.py`, or one model file.
            competition: its short name.
            message: a note to tell your submissions apart.
            on_bytes: is told how much was sent, and of how much.
        """
        path = Path(path).expanduser()
        if not path.exists():
            raise UsageError(f"there is no {path}; train a model first, or give the path of a zip")
        return submission_send(
            self._connection,
            self.competition(competition),
            path,
            message=message,
            on_bytes=on_bytes,
        )

    def submission(self, submission: Submission | str) -> Submission:
        """A submission as it is now."""
        found = self._connection.get(f"submissions/{_id_of(submission)}")
        return result_read(Submission, self.server, found)

    def wait(
        self,
        submission: Submission | str,
        *,
        timeout: float | None = None,
        on_change: Callable[[Submission], None] = lambda submission: None,
    ) -> Submission:
        """Waits until a submission is judged, and returns it.

        Args:
            submission: it, or its id.
            timeout: seconds after which `TryLater` is raised; by default it waits on.
            on_change: is shown the submission at first, and whenever its state changes.
        """
        until = None if timeout is None else time.monotonic() + timeout
        state: object = None
        polls = 0
        while True:
            found = self.submission(submission)
            seen = (
                found.status,
                found.queue_position,
                found.waiting,
                found.outlook,
                found.attempt_note,
                found.practice_log,
            )
            if seen != state:
                state = seen
                on_change(found)
            if found.is_ended:
                return found
            pause = POLL_SECONDS[min(polls, len(POLL_SECONDS) - 1)]
            polls += 1
            if until is not None and time.monotonic() + pause > until:
                raise TryLater(
                    f"{found.id} is still {found.status}; it goes on without you. Ask again with "
                    f"`springboard submissions {found.id}`.",
                    code="not_judged_yet",
                )
            time.sleep(pause)

    def submissions(
        self, competition: str | None = None, *, limit: int | None = None
    ) -> tuple[Submission, ...]:
        """Your team's submissions, newest first; at most `limit` of them."""
        slug = self._target.competition_or(competition)
        return tuple(self._pages(Submission, f"competitions/{slug}/submissions", limit))

    def logs(self, submission: Submission | str) -> str:
        """What the model printed on the practice sample."""
        return self.submission(submission).practice_log

    def diagnostics(self, submission: Submission | str) -> tuple[Diagnostic, ...]:
        """Where a model is good and where it is not; nothing before it is judged."""
        found = self._connection.get(f"submissions/{_id_of(submission)}/diagnostics")
        return result_read(Diagnostics, self.server, found).results

    def diagnostics_save(
        self, submission: Submission | str, folder: str | Path
    ) -> tuple[Path, ...]:
        """Saves the diagnostics: `diagnostics.json`, and a PNG for each picture.

        Args:
            submission: it, or its id.
            folder: made if it is not there; what an earlier call wrote there is overwritten.
        """
        found = self.diagnostics(submission)
        place = Path(folder).expanduser()
        return tuple(diagnostics_save(self._connection, _id_of(submission), found, place))

    def cancel(self, submission: Submission | str) -> Submission:
        """Cancels a submission: at once while it waits, soon while it runs."""
        answer = self._connection.send("POST", f"submissions/{_id_of(submission)}/cancel")
        return result_read(Submission, self.server, answer.json())

    def leaderboard(
        self, competition: str | None = None, *, limit: int | None = None
    ) -> tuple[BoardRow, ...]:
        """The leaderboard, best first; at most `limit` rows of it."""
        slug = self._target.competition_or(competition)
        return tuple(self._pages(BoardRow, f"competitions/{slug}/leaderboard", limit))

    def _pages(self, kind: type[R], path: str, limit: int | None) -> Iterator[R]:
        cursor: str | None = None
        left = limit
        for _ in range(MOST_PAGES):
            rows = PAGE_ROWS if left is None else min(left, PAGE_ROWS)
            if rows <= 0:
                return
            found = self._connection.get(path, cursor=cursor, limit=rows)
            page = result_read(Page, self.server, found)
            for row in page.results[:rows]:
                yield result_read(kind, self.server, row)
            left = None if left is None else left - len(page.results)
            cursor = page.next
            if cursor is None or not page.results:
                return

    def close(self) -> None:
        """Closes the connection; also done by `with`."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Springboard({self.server!r})"


def _id_of(submission: Submission | str) -> str:
    found = submission.id if isinstance(submission, Submission) else submission.strip()
    if not found or not all(c.isascii() and (c.isalnum() or c in "-_") for c in found):
        raise UsageError(f"{found!r} is no submission's id; `springboard submissions` lists yours")
    return found
