"""Takes memory in the way that it is told."""

import contextlib
import ctypes
import fcntl
import mmap
import os
import socket
import sys
import time

import numpy as np
from attempts import argument, even_odds

PIECE = bytes(1 << 20)
NO_RESERVE = 0x4000
F_SETPIPE_SZ = 1031


def huge():
    return np.ones(8 << 30)


def touched():
    return [np.ones(1 << 20) for _ in range(1000)]


def children():
    for _ in range(20):
        if os.fork() == 0:
            hold = np.ones(4 << 20)
            time.sleep(600)
            os._exit(int(hold[0]))
    # Somebody was killed: one that waits without end would only be late.
    os.wait()
    raise MemoryError


def shared():
    memory = mmap.mmap(-1, 1 << 30)
    if os.fork() == 0:
        while memory.write(PIECE):
            pass
    os.wait()
    raise MemoryError


def scratch():
    for folder in ("/tmp", "/dev/shm"):
        with contextlib.suppress(OSError), open(f"{folder}/big", "wb") as file:
            while file.write(PIECE):
                pass
    touched()


def memfd():
    held = []
    for number in range(100):
        held.append(os.fdopen(os.memfd_create(f"x{number}"), "wb"))
        for _ in range(10):
            held[-1].write(PIECE)


def segments():
    """System V's shared memory, which stays when nobody maps it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    for _ in range(20):
        segment = libc.shmget(0, 64 << 20, 0o1600)
        if segment < 0:
            raise OSError(ctypes.get_errno(), "shmget")
        place = ctypes.c_void_p(libc.shmat(segment, None, 0))
        ctypes.memset(place, 1, 64 << 20)
        libc.shmdt(place)


def pipes():
    """Kernel memory: 1 MB a pipe where the kernel allows it."""
    held = []
    try:
        while True:
            reading, writing = os.pipe()
            os.set_blocking(writing, False)
            held.append((reading, writing))
            with contextlib.suppress(OSError):
                fcntl.fcntl(writing, F_SETPIPE_SZ, 1 << 20)
            with contextlib.suppress(BlockingIOError):
                while os.write(writing, PIECE):
                    pass
    except OSError:
        pass
    print("pipes held", len(held), flush=True)


def sockets():
    held = []
    try:
        while True:
            pair = socket.socketpair()
            held.append(pair)
            pair[0].setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while pair[0].send(PIECE):
                    pass
    except OSError:
        pass
    print("sockets held", len(held), flush=True)


def recursion():
    kind = ctypes.CFUNCTYPE(ctypes.c_int)

    def deeper():
        return call()

    call = kind(deeper)
    sys.setrecursionlimit(10**9)
    call()


def page_tables():
    """A page in each 2 MB costs a page of tables beside it."""
    memory = mmap.mmap(-1, 256 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NO_RESERVE)
    for place in range(0, 256 << 30, 2 << 20):
        memory[place] = 1


def first_process():
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    touched()


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        print("taking", argument(), flush=True)
        globals()[argument()]()
        return even_odds(inputs)
