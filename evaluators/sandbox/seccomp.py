"""The system calls that a sandboxed program is refused.

Namespaces take most of the kernel away; this list takes what they leave: what reaches outside a
network namespace (vsock), what makes new namespaces, and what has a history of holes.
"""

import errno
import os
from typing import Any

from evaluators.errors import InfrastructureError

REFUSED = (
    # other processes and the kernel itself
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "perf_event_open",
    "bpf", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module",
    "reboot", "syslog", "acct", "quotactl", "quotactl_fd", "iopl", "ioperm", "lookup_dcookie",
    "userfaultfd", "memfd_secret", "fanotify_init", "open_by_handle_at", "name_to_handle_at",
    # keyrings
    "add_key", "request_key", "keyctl",
    # mounts and namespaces
    "mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "move_mount", "open_tree",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "swapon", "swapoff",
    # time, names, personality
    "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname",
    "vhangup", "nfsservctl", "uselib", "modify_ldt",
)  # fmt: skip

# Callers fall back to older calls, or do without, when these don't exist: clone3 hides its flags
# from a filter, io_uring would do refused calls on behalf of the caller.
ABSENT = (
    "clone3", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "inotify_init", "inotify_init1", "inotify_add_watch",
)  # fmt: skip

# Sandboxes read the same files of the runtime. By watches over them, or by locks that tell of
# others' locks, a judged stage could whisper hidden inputs to a practice stage that runs beside it,
# whose log is shown. What is left are locks that can't tell: shared ones of files not to be written.
LOCK_EXCLUSIVE = 2
# F_GETLK, the locks of open file descriptions (which /proc/locks shows to all), F_SETLEASE, F_NOTIFY
TELLING_LOCKS = (5, 36, 37, 38, 1024, 1026)

CLONE_NEW = (0x00000080, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000,
             0x40000000)  # fmt: skip
AF_UNIX = 1
TIOCSTI, TIOCLINUX = 0x5412, 0x541C


def seccomp_program() -> bytes:
    """Builds the filter as the BPF program that bubblewrap loads.

    Raises:
        InfrastructureError: libseccomp is missing.
    """
    try:
        import pyseccomp as seccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise InfrastructureError(
            "libseccomp is missing: install the package libseccomp2 (Debian, Ubuntu) or "
            "libseccomp (Fedora)"
        ) from error
    program = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
    for action, names in (
        (seccomp.ERRNO(errno.EPERM), REFUSED),
        (seccomp.ERRNO(errno.ENOSYS), ABSENT),
    ):
        for name in names:
            _refuse(program, action, name)
    refused = seccomp.ERRNO(errno.EPERM)
    for flag in CLONE_NEW:
        _refuse(program, refused, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    for request in (TIOCSTI, TIOCLINUX):
        _refuse(program, refused, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    absent = seccomp.ERRNO(errno.ENOSYS)
    exclusive = seccomp.Arg(1, seccomp.MASKED_EQ, LOCK_EXCLUSIVE, LOCK_EXCLUSIVE)
    _refuse(program, absent, "flock", exclusive)
    for command in TELLING_LOCKS:
        _refuse(program, absent, "fcntl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, command))
    # Only local sockets: a network namespace doesn't cover AF_VSOCK, and nothing else is reachable.
    _refuse(program, refused, "socket", seccomp.Arg(0, seccomp.NE, AF_UNIX))
    read_end, write_end = os.pipe()
    try:
        with os.fdopen(write_end, "wb") as file:
            program.export_bpf(file)
        with os.fdopen(read_end, "rb") as file:
            return file.read()
    finally:
        program.reset(seccomp.ALLOW)


def _refuse(program: Any, action: object, name: str, *arguments: object) -> None:
    try:
        program.add_rule(action, name, *arguments)
    except OSError as error:
        # A name that this libseccomp or this architecture doesn't have. The calls that matter most
        # are tried for real by the conformance suite.
        if error.errno != errno.EINVAL or name in ("clone", "socket", "ioctl"):
            raise InfrastructureError(f"the seccomp rule for {name} is refused: {error}") from error
