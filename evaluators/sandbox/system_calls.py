"""System calls: which a sandboxed program is refused, and which there are at all.

Namespaces take most of the kernel away; what is refused is what they leave: what reaches outside a
network namespace (vsock), what makes new namespaces, and what has a history of holes.
"""

from collections.abc import Iterator
from typing import Any

from evaluators.errors import InfrastructureError

# More than any kernel has so far.
CALL_NUMBERS = 1024

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
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "open_tree_attr", "swapon",
    "swapoff",
    # time, names, personality
    "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname",
    "vhangup", "nfsservctl", "uselib", "modify_ldt",
    # which pages of a file are in memory, so what others have read; and writing out all files
    "cachestat", "sync", "syncfs",
)  # fmt: skip

# Callers fall back to older calls, or do without, when these don't exist: clone3 hides its flags
# from a filter, io_uring would do refused calls on behalf of the caller. The older way to read and
# write aside takes from a number that all of the machine share and that everybody can read: one
# sandbox could tell it to another, and take all of it.
ABSENT = (
    "clone3", "io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup",
    "inotify_init", "inotify_init1", "inotify_add_watch",
)  # fmt: skip

# Sandboxes read the same files of the runtime. By watches over them, or by locks that tell of
# others' locks, a judged stage could whisper hidden inputs to a practice stage that runs beside
# it, whose log is shown. What is left are locks that can't tell: shared ones of files not to be
# written.
LOCK_EXCLUSIVE = 2
# F_GETLK, the locks of open file descriptions (which /proc/locks shows to all), F_SETLEASE and
# F_NOTIFY.
TELLING_LOCKS = (5, 36, 37, 38, 1024, 1026)

# Memory that belongs to no process while none maps it, so that only a control group counts it.
UNCOUNTED = ("memfd_create", "shmget")

CLONE_NEW = (0x00000080, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000,
             0x40000000)  # fmt: skip
AF_UNIX = 1
TIOCSTI, TIOCLINUX = 0x5412, 0x541C


def libseccomp() -> Any:
    """The binding of libseccomp.

    Raises:
        InfrastructureError: the library is missing.
    """
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise InfrastructureError(
            "libseccomp is missing: install the package libseccomp2 (Debian, Ubuntu) or "
            "libseccomp (Fedora)"
        ) from error
    return pyseccomp


def known_calls() -> Iterator[str]:
    """Names of all calls that this machine's libseccomp knows; a newer one nobody has looked at.

    Raises:
        InfrastructureError: libseccomp is missing.
    """
    seccomp = libseccomp()
    for number in range(CALL_NUMBERS):
        try:
            yield seccomp.resolve_syscall(seccomp.Arch.NATIVE, number).decode()
        except ValueError:
            continue
