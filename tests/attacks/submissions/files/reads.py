"""Reads what is not its own."""

import os
import sys
import tempfile

from attempts import BAIT, FOLDER, argument, attempt, even_odds

PARENT = f"/proc/{BAIT.pid}"
CLIMB = "/".join([".."] * 20)
NAMES = ("judged.npz", "practice.npz", "prepare.py", "task.toml", "ready.json", "canary.txt")
SKIPPED = ("proc", "sys", "usr", "lib", "lib64", "site-packages")


def read(path):
    with open(path, "rb") as file:
        return file.read(20)


def through_link(target):
    link = os.path.join(tempfile.mkdtemp(), "link")
    os.symlink(target, link)
    return read(link)


def from_descriptor():
    folder = os.open(FOLDER, os.O_RDONLY)
    with open(os.open(CLIMB + BAIT.file, os.O_RDONLY, dir_fd=folder), "rb") as file:
        return file.read(20)


def siblings():
    found = [name for name in os.listdir(FOLDER.parent) if FOLDER.parent / name != FOLDER]
    if not found:
        raise FileNotFoundError(2, "nothing beside it")
    return found


def root_home():
    """What is in it but an interpreter."""
    found = [name for name in os.listdir("/root") if f"/root/{name}/" not in sys.base_prefix + "/"]
    if not found:
        raise FileNotFoundError(2, "nothing of root's")
    return found


def search():
    seen, found = 0, []
    for root, folders, files in os.walk("/"):
        folders[:] = [name for name in folders if name not in SKIPPED]
        seen += len(files)
        found += [os.path.join(root, name) for name in files if name in NAMES]
    print(f"searched {seen} files, found {found}")


def first_process():
    try:
        environment = open("/proc/1/environ", "rb").read()
    except PermissionError:
        environment = b""
    command = open("/proc/1/cmdline", "rb").read()
    own = open("/proc/self/environ", "rb").read()
    secret = any(word in environment + command for word in (b"CANARY", b"SPRINGBOARD", b"SECRET"))
    if (not environment or environment == own) and not secret:
        print("first process: environment 0 bytes or its own, no secret")
    else:
        print("first process:", environment, command)


def mounts():
    lines = open("/proc/self/mountinfo").read().splitlines()
    secret = [line for line in lines if any(w in line for w in ("private", "judged", "seed"))]
    print(f"mounts: {len(lines)} lines, {len(secret)} with secrets")


READS = {
    "host_file": lambda: read(BAIT.file),
    "host_shared_memory": lambda: read(BAIT.shared),
    "labels": lambda: os.listdir(BAIT.labels),
    "sibling": siblings,
    "shadow": lambda: read("/etc/shadow"),
    "root_home": root_home,
    "other_environ": lambda: read(f"{PARENT}/environ"),
    "other_root": lambda: os.listdir(f"{PARENT}/root/"),
    "other_descriptors": lambda: os.listdir(f"{PARENT}/fd"),
    "first_memory": lambda: read("/proc/1/mem"),
    "kernel_memory": lambda: read("/proc/kcore"),
    "kernel_log": lambda: read("/proc/kmsg"),
    "machine_memory": lambda: read("/dev/mem"),
    "disk": lambda: read("/dev/sda"),
    "link_to_host": lambda: through_link(BAIT.file),
    "dots": lambda: read(f"{FOLDER}/{CLIMB}{BAIT.file}"),
    "descriptor_climb": from_descriptor,
}


class Model:
    def __init__(self, folder):
        for name, call in READS.items():
            attempt(f"reads_{name}", call)
        # Outside of a sandbox the search would not end, and prove nothing.
        if argument() != "outside":
            search()
            first_process()
            mounts()

    def predict(self, inputs):
        return even_odds(inputs)
