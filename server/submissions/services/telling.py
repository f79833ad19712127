"""Tells a course's instructors by mail that submissions could not be judged."""

import logging

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from server.accounts.outgoing import mail_send
from server.courses.models import Membership, Role
from server.submissions.models import Submission

# What fails once fails for a whole class: the page has the list, and one mail points to it.
TOLD_SECONDS = 3600

TEXT = """\
A submission to {title} could not be judged, by a fault of the server or of the task:

{submission}

Its team was told, and it does not count against their limit. What went wrong stands on that page.
All that could not be judged stands here, with a button that has it judged again:

{manage}

You get at most one mail an hour about a competition, whatever else fails meanwhile.
"""

logger = logging.getLogger(__name__)


def instructors_tell_on_commit(*, submission: Submission) -> None:
    """Has a course's instructors told of a submission once the transaction holds.

    Args:
        submission: with its competition and course loaded.
    """
    transaction.on_commit(lambda: _tell(submission), robust=True)


def _tell(submission: Submission) -> None:
    competition = submission.competition
    if not cache.add(f"failures-told:{competition.pk}", True, TOLD_SECONDS):
        return
    instructors = Membership.objects.filter(course=competition.course, role=Role.INSTRUCTOR)
    addresses = instructors.exclude(user__email="").values_list("user__email", flat=True)
    body = TEXT.format(
        title=competition.title,
        submission=_address("web:submission", submission.public_id),
        manage=_address("manage:competition", competition.slug),
    )
    for address in addresses:
        # One each: nobody is shown another's address.
        mail = EmailMessage(
            f"Could not be judged: {competition.title}",
            body,
            settings.DEFAULT_FROM_EMAIL,
            [address],
        )
        mail_send(message=mail, about=f"failures in {competition.slug}")


def _address(name: str, argument: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[argument])}"
