"""Misbehaves in the way that it is told."""

import errno
import os
import signal
import sys
import threading
import time

from attempts import BAIT, MARKER, argument, attempt, even_odds

SLEEP = (
    "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 15)]; time.sleep(99)"
)


def say(*words):
    print(*words, flush=True)


def child(code=SLEEP, *, daemon=True):
    """Starts a process that can be told by its command line."""
    pid = os.fork()
    if pid == 0:
        if daemon:
            os.setsid()
        os.execv(sys.executable, [f"{MARKER}-child", "-S", "-c", code])
    return pid


def fork_bomb():
    say("forking")
    while True:
        if os.fork() == 0:
            time.sleep(60)


def fork_until_refused():
    say("starting processes")
    children = []
    try:
        while True:
            pid = os.fork()
            if pid == 0:
                time.sleep(60)
                os._exit(0)
            children.append(pid)
    except OSError as error:
        say(f"forks: {len(children)}, then {errno.errorcode[error.errno]}")
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def threads():
    say("starting threads")
    stop, started = threading.Event(), []
    try:
        while True:
            thread = threading.Thread(target=stop.wait, daemon=True)
            thread.start()
            started.append(thread)
    except (RuntimeError, MemoryError):
        say(f"threads: {len(started)}, then refused")
    stop.set()
    for thread in started:
        thread.join()


def leave(count, code=SLEEP):
    for _ in range(count):
        child(code)
    # Where they are on their way, so that their names are seen if they stay.
    time.sleep(0.3)
    say("left:", count)


def respawns():
    code = (
        "import os, time\n"
        "while True:\n"
        "    pid = os.fork()\n"
        "    if pid: os.waitpid(pid, 0)\n"
        "    else: time.sleep(99)\n"
    )
    leave(1, code)


def holds_pipes():
    child()
    time.sleep(0.3)
    say("leaving")
    os._exit(0)


def stopped_child():
    pid = child()
    time.sleep(0.3)
    os.kill(pid, signal.SIGSTOP)
    say("left: 1")


def zombies():
    for _ in range(30):
        if os.fork() == 0:
            os._exit(0)
    time.sleep(0.1)
    say("zombies: 30")


def sleeps():
    say("sleeping")
    time.sleep(600)


def spins():
    say("spinning")
    while True:
        pass


def spins_in_c():
    say("spinning in C")
    # strlen of a text that never ends would fault; sleeping in C without the lock would not spin.
    sum(range(10**12))


def ignores_signals():
    ignored = 0
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
            ignored += 1
        except (OSError, ValueError):
            pass
    say("ignoring", ignored)
    time.sleep(600)


def stops_itself():
    say("stopping")
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(600)


def signal_first(number, word):
    say(f"{word} the first process")
    try:
        os.kill(1, number)
    except PermissionError as error:
        say(error)
    time.sleep(0.3)


def kills_all():
    say("killing all")
    attempt("kill", lambda: os.kill(-1, signal.SIGKILL))
    time.sleep(0.3)


def kills_group():
    say("killing the group")
    attempt("kill", lambda: os.killpg(0, signal.SIGKILL))
    time.sleep(0.3)


def kills_everybody():
    """Those that can be reached are of the sandbox: the next submission is judged."""
    reached, own = 0, {1, os.getpid(), os.getppid()}
    for pid in range(2, 70_000):
        if pid in own:
            continue
        try:
            os.kill(pid, signal.SIGKILL)
            reached += 1
        except OSError:
            pass
    say(f"kills_everybody: {reached} reached")


def sees_others():
    pids = [name for name in os.listdir("/proc") if name.isdigit()]
    others = [pid for pid in pids if os.stat(f"/proc/{pid}").st_uid not in (os.getuid(), 65534)]
    say(f"sees {len(pids)}, of other users {len(others)}")


BEHAVIOURS = {
    "daemon": lambda: leave(1),
    "many_daemons": lambda: leave(20),
    "stops_first": lambda: signal_first(signal.SIGSTOP, "stopping"),
    "kills_first": lambda: signal_first(signal.SIGKILL, "killing"),
    "kills_judge": lambda: attempt("kills_judge", lambda: os.kill(BAIT.pid, signal.SIGTERM)),
}


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        name = argument()
        (BEHAVIOURS.get(name) or globals()[name])()
        return even_odds(inputs)
