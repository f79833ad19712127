"""Writes where it must not."""

import os
import sys

import numpy as np
from attempts import FOLDER, attempt, even_odds, system_call

RUNNER = os.path.dirname(sys.modules["__main__"].__file__)


def write(path, data=b"x"):
    with open(path, "r+b" if os.path.exists(path) else "wb") as file:
        file.write(data)


def replace_model():
    os.rename(FOLDER / "argument.txt", FOLDER / "model.py")


def remount():
    import ctypes

    root = ctypes.c_char_p(b"/")
    return system_call(165, root, root, None, 0x20 | 0x1000, None)


def own_score():
    """What the kernel lets it lower is above what it had: never below."""
    with open("/proc/self/oom_score_adj") as file:
        before = int(file.read())
    write("/proc/self/oom_score_adj", str(before - 500).encode())


WRITES = {
    "own_folder": lambda: write(FOLDER / "more.txt"),
    "own_model": replace_model,
    "runner": lambda: write(os.path.join(RUNNER, "frames.py")),
    "runtime": lambda: write(np.__file__),
    "interpreter": lambda: write(os.path.realpath(sys.executable)),
    "etc": lambda: write("/etc/passwd"),
    "root": lambda: write("/new"),
    "dev": lambda: write("/dev/new"),
    "sys": lambda: write("/sys/kernel/mm/transparent_hugepage/enabled", b"always"),
    "proc_sys": lambda: write("/proc/sys/kernel/hostname", b"mine"),
    "sysrq": lambda: write("/proc/sysrq-trigger", b"h"),
    "core_pattern": lambda: write("/proc/sys/kernel/core_pattern", b"|/tmp/x"),
    "release_agent": lambda: write("/sys/fs/cgroup/memory/release_agent", b"/tmp/x"),
    "own_score": own_score,
    "uid_map": lambda: write("/proc/self/uid_map", b"0 0 1"),
    "remount": remount,
    "chmod": lambda: os.chmod(np.__file__, 0o777),
    "device_null": lambda: os.chmod("/dev/null", 0o600),
}


class Model:
    def __init__(self, folder):
        for name, call in WRITES.items():
            attempt(f"writes_{name}", call)

    def predict(self, inputs):
        return even_odds(inputs)
