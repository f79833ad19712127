"""Ends itself in the way that it is told."""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time

from attempts import argument, even_odds, pipes


class BrokenError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class EndlessError(Exception):
    def __str__(self):
        return str(self)

    __repr__ = __str__


class Strange(BaseException): ...


def raised(error):
    raise error


def exec_program():
    os.execv(sys.executable, [sys.executable, "-c", "raise SystemExit(7)"])


def thread_exit():
    threading.Thread(target=os._exit, args=(5,)).start()
    time.sleep(600)


def at_exit():
    import atexit

    atexit.register(time.sleep, 600)
    threading.Thread(target=time.sleep, args=(600,)).start()
    sys.exit(1)


def launch_words():
    os.write(2, b"launch: [Errno 1] unshare: Operation not permitted\n")
    os.write(2, b"bwrap: setting up uid map: Permission denied\n")
    os._exit(1)


def closed_pipes():
    os.closerange(0, 256)
    time.sleep(600)


def closed_input():
    """Of the pipes, closes the one that can be read."""
    for descriptor in pipes():
        with contextlib.suppress(OSError):
            os.read(descriptor, 0)
            os.close(descriptor)


WAYS = {
    "signal": lambda number: os.kill(os.getpid(), number),
    "status": os._exit,
    "exit": lambda _: sys.exit(0),
    "exit_text": lambda _: sys.exit("InfrastructureError: the sandbox can't be started"),
    "exit_huge": lambda _: sys.exit(2**70),
    "abort": lambda _: os.abort(),
    "exception_group": lambda _: raised(BaseExceptionGroup("many", [KeyboardInterrupt()])),
    "base_exception": lambda _: raised(Strange()),
    "keyboard_interrupt": lambda _: raised(KeyboardInterrupt()),
    "broken_exception": lambda _: raised(BrokenError()),
    "recursive_exception": lambda _: raised(EndlessError()),
    "null": lambda _: ctypes.string_at(0),
    "exec": lambda _: exec_program(),
    "thread_exit": lambda _: thread_exit(),
    "at_exit": lambda _: at_exit(),
    "launch_words": lambda _: launch_words(),
    "closed_pipes": lambda _: closed_pipes(),
    "closed_input": lambda _: closed_input(),
}


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        way, number = argument().split()
        print("ending by", way, number, flush=True)
        WAYS[way](int(number))
        # A signal may take a moment.
        time.sleep(0.1)
        if int(number) in (signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH):
            print("which is ignored", flush=True)
        return even_odds(inputs)
