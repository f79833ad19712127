"""`python -m tests.server.submissions.submitter PERSON COMPETITION THREADS`: submits at once."""

import sys

import django

django.setup()

import server.celery  # noqa: E402, F401 - the doorbell
from server.accounts.models import User  # noqa: E402 - after Django is set up
from server.competitions.models import Competition  # noqa: E402
from server.submissions.refusals import DailyLimitReached  # noqa: E402
from tests.server.judging import submit  # noqa: E402
from tests.server.threads import together  # noqa: E402


def main(person: str, slug: str, threads: int) -> None:
    user = User.objects.get(username=person)
    competition = Competition.objects.get(slug=slug)

    def attempt(number: int) -> str:
        try:
            submit(user, competition, content=b"%d" % number)
        except DailyLimitReached:
            return "refused"
        return "taken"

    # At once: so that the lines of several processes don't mix.
    sys.stdout.write("".join(f"{answer}\n" for answer in together(attempt, threads=threads)))
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
