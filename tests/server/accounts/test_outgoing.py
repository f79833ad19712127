"""Mail that is sent beside requests, also by processes that were forked."""

import os

from django.core.mail import EmailMessage

from server.accounts.outgoing import mail_send

SECONDS = 20


def test_a_forked_process_sends_too() -> None:
    def sent() -> int:
        message = EmailMessage("Hello", "", "from@example.org", ["to@example.org"])
        mail_send(message=message, about="a test").result(SECONDS)
        return 0

    sent()  # its thread runs now, and no forked process has it
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = sent()
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
