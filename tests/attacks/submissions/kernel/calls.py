"""Makes system calls that a model never needs."""

import ctypes
import errno
import fcntl
import os
import resource
import signal
import struct
import sys

import numpy as np
from attempts import attempt, even_odds, system_call

OTHER = os.getppid()
HERE = ctypes.c_char_p(b"/tmp")
PROC = ctypes.c_char_p(b"/proc")
ROOT = ctypes.c_char_p(b"/")
NOTHING = ctypes.c_char_p(b"")
BUFFER = ctypes.create_string_buffer(256)
NEWUSER, NEWNS, NEWNET = 0x10000000, 0x00020000, 0x40000000
# One of the files that all sandboxes of a machine share.
SHARED = np.__file__


def vector():
    return ctypes.byref((ctypes.c_void_p * 2)(ctypes.addressof(BUFFER), 8))


def traced():
    """Traces a child that waits; whatever happens, the child goes."""
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    try:
        return system_call(101, 16, child, 0, 0)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def cloned():
    """A fork with a namespace of its own; a child that comes of it ends at once."""
    child = system_call(56, NEWUSER | signal.SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def cloned3():
    arguments = (ctypes.c_uint64 * 8)(NEWUSER, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    child = system_call(435, ctypes.byref(arguments), ctypes.sizeof(arguments))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def handle():
    block = ctypes.create_string_buffer(136)
    block[0:4] = (128).to_bytes(4, "little")
    mount = ctypes.c_int()
    return system_call(303, -100, ROOT, block, ctypes.byref(mount), 0)


def handle_opened():
    block = ctypes.create_string_buffer((4).to_bytes(4, "little") + (1).to_bytes(4, "little"), 136)
    return system_call(304, -100, block, 0)


def set_time():
    seconds = (ctypes.c_long * 2)(1_000_000_000, 0)
    return system_call(164, ctypes.byref(seconds), None)


def clock():
    return system_call(227, 0, ctypes.byref((ctypes.c_long * 2)(1_000_000_000, 0)))


def adjusted():
    block = ctypes.create_string_buffer(208)
    block[0:4] = (0x4000).to_bytes(4, "little")
    return system_call(159, block)


def capabilities():
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    full = (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    return system_call(126, ctypes.byref(header), ctypes.byref(full))


def performance():
    block = ctypes.create_string_buffer(128)
    block[4:8] = (128).to_bytes(4, "little")
    return system_call(298, block, 0, -1, -1, 0)


def watched():
    """A watch on a shared file, with an event of one's own to prove that it sees any."""
    watch = system_call(294, 0)
    return system_call(254, watch, ctypes.c_char_p(SHARED.encode()), 0x20)


def better_priority():
    os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) - 5)


def limit_raised():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1000, hard + 1000))


def pushed():
    """What is typed into a terminal, at the filter: any descriptor will do."""
    try:
        fcntl.ioctl(0, 0x5412, b"x")
    except OSError as error:
        # Not a terminal: the call came through to the driver.
        if error.errno == errno.ENOTTY:
            raise ValueError("not a terminal") from error
        raise


def shared(command, argument):
    with open(SHARED, "rb") as file:
        return fcntl.fcntl(file, command, argument)


def lock_of(kind):
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 1, 0)


def whole():
    with open(SHARED, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


CALLS = {
    "ptrace": traced,
    "process_vm_readv": lambda: system_call(310, OTHER, vector(), 1, vector(), 1, 0),
    "process_vm_writev": lambda: system_call(311, OTHER, vector(), 1, vector(), 1, 0),
    "kcmp": lambda: system_call(312, os.getpid(), os.getpid(), 2, 0, 0),
    "pidfd_getfd": lambda: system_call(438, system_call(434, OTHER, 0), 1, 0),
    "perf_event_open": performance,
    "bpf": lambda: system_call(
        321, 0, ctypes.create_string_buffer(b"\2\0\0\0\4\0\0\0\4\0\0\0\1", 128), 128
    ),
    "kexec_load": lambda: system_call(246, 0, 0, None, 0),
    "init_module": lambda: system_call(175, BUFFER, 256, NOTHING),
    "finit_module": lambda: system_call(313, 0, NOTHING, 0),
    "delete_module": lambda: system_call(176, ctypes.c_char_p(b"nothing"), 0),
    # Without the magic numbers: nothing would happen even if it were let through.
    "reboot": lambda: system_call(169, 0, 0, 0, None),
    "syslog": lambda: system_call(103, 3, BUFFER, 256),
    "acct": lambda: system_call(163, None),
    "quotactl": lambda: system_call(179, 0x800002 << 8, ROOT, 0, BUFFER),
    "iopl": lambda: system_call(172, 3),
    "ioperm": lambda: system_call(173, 0x80, 1, 1),
    "userfaultfd": lambda: system_call(323, 1),
    "memfd_secret": lambda: system_call(447, 0),
    "fanotify_init": lambda: system_call(300, 0x200, 0),
    "inotify": watched,
    "open_by_handle_at": handle_opened,
    "name_to_handle_at": handle,
    "add_key": lambda: system_call(
        248, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"x"), BUFFER, 8, -3
    ),
    "request_key": lambda: system_call(
        249, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"x"), None, 0
    ),
    "keyctl": lambda: system_call(250, 1, None),
    "mount": lambda: system_call(
        165, ctypes.c_char_p(b"tmpfs"), HERE, ctypes.c_char_p(b"tmpfs"), 0, None
    ),
    "umount2": lambda: system_call(166, PROC, 2),
    "pivot_root": lambda: system_call(155, HERE, HERE),
    "chroot": lambda: system_call(161, HERE),
    "unshare_user": lambda: system_call(272, NEWUSER),
    "unshare_mount": lambda: system_call(272, NEWNS),
    "unshare_net": lambda: system_call(272, NEWNET),
    "setns": lambda: system_call(308, os.open("/proc/self/ns/net", os.O_RDONLY), 0),
    "move_mount": lambda: system_call(429, -100, PROC, -100, HERE, 0),
    "open_tree": lambda: system_call(428, -100, ROOT, 1),
    "fsopen": lambda: system_call(430, ctypes.c_char_p(b"tmpfs"), 0),
    "fspick": lambda: system_call(433, -100, ROOT, 0),
    "mount_setattr": lambda: system_call(
        442, -100, ROOT, 0x8000, ctypes.create_string_buffer(b"\0" * 8 + b"\1", 32), 32
    ),
    "swapon": lambda: system_call(167, HERE, 0),
    "settimeofday": set_time,
    "clock_settime": clock,
    "adjtimex": adjusted,
    "sethostname": lambda: system_call(170, ctypes.c_char_p(b"mine"), 4),
    "setdomainname": lambda: system_call(171, ctypes.c_char_p(b"mine"), 4),
    "vhangup": lambda: system_call(153),
    "modify_ldt": lambda: system_call(154, 1, ctypes.create_string_buffer(16), 16),
    "clone_user": cloned,
    "clone3": cloned3,
    "io_uring": lambda: system_call(425, 8, ctypes.create_string_buffer(120)),
    "setuid": lambda: system_call(105, 0),
    "setgid": lambda: system_call(106, 0),
    "capset": capabilities,
    "mknod": lambda: os.mknod("/tmp/disk", 0o60666, os.makedev(8, 0)),
    "setpriority": better_priority,
    "realtime": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
    "memlock": lambda: system_call(149, ctypes.addressof(BUFFER), 64_000_000),
    "raise_limit": limit_raised,
    "terminal": pushed,
    "flock": whole,
    "record_lock": lambda: shared(fcntl.F_GETLK, lock_of(fcntl.F_WRLCK)),
    "open_file_lock": lambda: shared(37, lock_of(fcntl.F_RDLCK)),
    "lease": lambda: shared(1024, fcntl.F_RDLCK),
}


class Model:
    def __init__(self, folder):
        for name, call in CALLS.items():
            attempt(name, call)
        sys.stdout.flush()

    def predict(self, inputs):
        return even_odds(inputs)
