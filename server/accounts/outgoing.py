"""Sends mail beside the request that asks for it: how long that takes tells who has an account."""

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def _sender() -> ThreadPoolExecutor:
    # One by one, and what waits is bounded by how many links may be asked for.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


_executor = _sender()


def _after_fork() -> None:
    """A forked process has the executor, but not the thread that sends."""
    global _executor
    _executor = _sender()


os.register_at_fork(after_in_child=_after_fork)


def mail_send(*, message: EmailMessage, about: str) -> "Future[None]":
    """Sends a mail as soon as those before it are sent.

    Args:
        message: what is sent.
        about: names the mail in the log should it fail, without a secret.
    """
    return _executor.submit(_send, message, about)


def _send(message: EmailMessage, about: str) -> None:
    try:
        message.send()
    except Exception:
        logger.exception("The mail of %s could not be sent; check EMAIL_URL", about)
