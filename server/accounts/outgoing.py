"""Sends mail beside the request that asks for it: how long that takes tells who has an account."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

# One by one, and what waits is bounded by how many links may be asked for.
_SENDER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def mail_send(*, message: EmailMessage, about: str) -> "Future[None]":
    """Sends a mail as soon as those before it are sent.

    Args:
        message: what is sent.
        about: names the mail in the log should it fail, without a secret.
    """
    return _SENDER.submit(_send, message, about)


def _send(message: EmailMessage, about: str) -> None:
    try:
        message.send()
    except Exception:
        logger.exception("The mail of %s could not be sent; check EMAIL_URL", about)
