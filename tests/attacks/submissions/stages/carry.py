"""Leaves something everywhere, and looks for what was left."""

import ctypes
import errno
import os
import signal
import socket
import sys
import time

from attempts import FOLDER, argument, even_odds, judged, system_call

# The same in all stages and submissions: who leaves and who looks must agree.
NAME = "carried-from-before"
KEY = 0x5B0A2D
CREATE, WRITABLE = 0o1000, 0o600
SHMGET, SEMGET, MSGGET, MQ_OPEN, ADD_KEY, REQUEST_KEY = 29, 64, 68, 240, 248, 249
TEXT = ctypes.c_char_p(NAME.encode())
USER = ctypes.c_char_p(b"user")


def write(path):
    with open(path, "w") as file:
        file.write(NAME)


def write_hidden():
    os.mkdir("/tmp/.hidden")
    write("/tmp/.hidden/x")
    os.chmod("/tmp/.hidden", 0)


def daemon(work):
    """A process in a session of its own that works, then waits."""
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        held = work()
        time.sleep(99)
        os._exit(held is None)
    time.sleep(0.05)


def listening(address):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    return listener


def connected(address):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(address)
    return True


def memory_file():
    descriptor = os.memfd_create(NAME)
    os.write(descriptor, b"x")
    return descriptor


def descriptors():
    """Links of all descriptors of all processes, but of itself."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):
                yield os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue


def others():
    """Processes that belong to neither the sandbox's beginning nor this program."""
    mine = {1, os.getpid(), os.getppid()}
    pids = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    return [pid for pid in pids - mine if b"springboard_runner" not in command(pid)]


def command(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def environments():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                yield file.read()
        except OSError:
            continue


def with_environment():
    os.execve(sys.executable, ["waits", "-c", "import time; time.sleep(99)"], {"CARRIED": NAME})


def last_number():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def use_up_numbers():
    for _ in range(300):
        last_number()


PLACES = {
    "scratch": (lambda: write("/tmp/x"), lambda: os.path.exists("/tmp/x")),
    "hidden_scratch": (write_hidden, lambda: os.path.lexists("/tmp/.hidden")),
    "shared_memory": (lambda: write("/dev/shm/x"), lambda: os.path.exists("/dev/shm/x")),
    "own_folder": (lambda: write(FOLDER / "x"), lambda: os.path.exists(FOLDER / "x")),
    "system_v_memory": (
        lambda: system_call(SHMGET, KEY, 4096, CREATE | WRITABLE),
        lambda: system_call(SHMGET, KEY, 0, 0),
    ),
    "system_v_semaphore": (
        lambda: system_call(SEMGET, KEY, 1, CREATE | WRITABLE),
        lambda: system_call(SEMGET, KEY, 0, 0),
    ),
    "system_v_queue": (
        lambda: system_call(MSGGET, KEY, CREATE | WRITABLE),
        lambda: system_call(MSGGET, KEY, 0),
    ),
    "posix_queue": (
        lambda: system_call(MQ_OPEN, TEXT, os.O_CREAT | os.O_RDWR, WRITABLE, None),
        lambda: system_call(MQ_OPEN, TEXT, os.O_RDONLY, 0, None),
    ),
    "posix_semaphore": (
        lambda: write(f"/dev/shm/sem.{NAME}"),
        lambda: os.path.exists(f"/dev/shm/sem.{NAME}"),
    ),
    "abstract_socket": (
        lambda: daemon(lambda: listening(f"\0{NAME}")),
        lambda: connected(f"\0{NAME}"),
    ),
    "socket_file": (
        lambda: daemon(lambda: listening("/tmp/socket")),
        lambda: connected("/tmp/socket"),
    ),
    "memory_file": (
        lambda: daemon(memory_file),
        lambda: any(NAME in link for link in descriptors()),
    ),
    "keyring": (
        lambda: system_call(ADD_KEY, USER, TEXT, TEXT, 8, -3),
        lambda: system_call(REQUEST_KEY, USER, TEXT, None, 0),
    ),
    "daemon": (lambda: daemon(lambda: None), others),
    "environment": (
        lambda: daemon(with_environment),
        lambda: any(NAME.encode() in found for found in environments()),
    ),
    "host_name": (lambda: socket.sethostname("carried"), lambda: socket.gethostname() == "carried"),
    "process_numbers": (use_up_numbers, lambda: last_number() > 250),
}


def result(call):
    """What came of it, or why nothing did."""
    try:
        return repr(call() or "nothing")
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        if argument() == "look" or judged(inputs):
            for place, (_, look) in PLACES.items():
                found = result(look)
                print(f"found {place}:", "nothing" if found in NOTHING else found, flush=True)
        else:
            for place, (leave, _) in PLACES.items():
                print(f"left {place}:", result(leave), flush=True)
        return even_odds(inputs)


NOTHING = ("'nothing'", "ENOENT", "ECONNREFUSED", "EPERM", "ENOSYS", "EACCES")
