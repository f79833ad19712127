"""Writes as much as it can."""

import contextlib
import errno
import os

from attempts import attempt, even_odds

PIECE = bytes(1 << 20)


def fill(name, folder, *, gone=False):
    """Writes files of 10 MB until it is stopped."""
    written, opened, reason = 0, [], "nothing"
    try:
        for number in range(100):
            path = f"{folder}/{number}"
            opened.append(open(path, "wb", buffering=0))
            if gone:
                os.unlink(path)
            for _ in range(10):
                written += opened[-1].write(PIECE) / 2**20
    except OSError as error:
        reason = errno.errorcode[error.errno]
    below = "below 65 MB" if written < 65 else f"at {written} MB"
    print(f"{name}: stopped by {reason} {below}", flush=True)
    for file in opened:
        file.close()
    with contextlib.suppress(OSError):
        for entry in os.listdir(folder):
            os.unlink(f"{folder}/{entry}")


def sparse():
    with open("/tmp/sparse", "wb") as file:
        file.truncate(1 << 40)


def elsewhere():
    found = []
    for root, folders, files in os.walk("/"):
        folders[:] = [name for name in folders if name not in ("proc", "sys", "usr", "lib")]
        if root.startswith(("/tmp", "/dev/shm")):
            continue
        with contextlib.suppress(OSError):
            open(f"{root}/filled", "w").close()
            found.append(root)
    print("fills_elsewhere:", found, flush=True)


class Model:
    def __init__(self, folder):
        attempt("fills_sparse", sparse)
        fill("fills_scratch", "/tmp")
        fill("fills_shared", "/dev/shm")
        fill("fills_deleted", "/tmp", gone=True)
        elsewhere()

    def predict(self, inputs):
        return even_odds(inputs)
