"""Calls of the kernel that reach past namespaces, or have a history of holes."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload

_CALLS = Upload("kernel/calls.py", next_is_judged=True)
_NO = "EPERM|EACCES|ENOSYS"
# No such user exists inside; what Python says of a limit above what is allowed.
_OTHER_WORDS = {
    "setuid": "EINVAL|EPERM",
    "setgid": "EINVAL|EPERM",
    "raise_limit": "ValueError|EPERM",
}
# Granted by a kernel of the sandbox's own, it changes nothing of this machine's.
_OWN = r"(refused \w+|SUCCEEDED .*)"

_TRIES = {
    "ptrace": "tracing a child of its own",
    "process_vm_readv": "reading another process's memory",
    "process_vm_writev": "writing another process's memory",
    "kcmp": "comparing kernel pointers",
    "pidfd_getfd": "taking another process's descriptor",
    "perf_event_open": "performance counters",
    "bpf": "loading a program into the kernel",
    "kexec_load": "another kernel",
    "init_module": "a kernel module",
    "finit_module": "a kernel module from a file",
    "delete_module": "removing a kernel module",
    "reboot": "a reboot",
    "syslog": "the kernel's log",
    "acct": "process accounting",
    "quotactl": "disk quotas",
    "iopl": "ports of the hardware",
    "ioperm": "one port of the hardware",
    "userfaultfd": "handling page faults, to win races in the kernel",
    "memfd_secret": "memory that the host can't read",
    "fanotify_init": "watching all files",
    "inotify": "watching files that other sandboxes read",
    "open_by_handle_at": "opening a file by its handle, past all mounts",
    "name_to_handle_at": "a file's handle",
    "add_key": "a key in a keyring",
    "request_key": "asking for a key",
    "keyctl": "joining a keyring",
    "mount": "mounting",
    "umount2": "unmounting /proc",
    "pivot_root": "another root",
    "chroot": "changing the root, to climb out",
    "unshare_user": "a user namespace",
    "unshare_mount": "a mount namespace",
    "unshare_net": "a network namespace",
    "setns": "joining a namespace",
    "move_mount": "moving a mount",
    "open_tree": "cloning a mount",
    "fsopen": "a new file system",
    "fspick": "changing a file system's options",
    "mount_setattr": "making a mount writable",
    "swapon": "swap of its own",
    "settimeofday": "the clock",
    "clock_settime": "the clock, by another call",
    "adjtimex": "the speed of the clock",
    "sethostname": "the host's name",
    "setdomainname": "the domain's name",
    "vhangup": "hanging up the terminal",
    "modify_ldt": "segment descriptors",
    "clone_user": "a child in a user namespace",
    "clone3": "a child by the call whose flags no filter sees",
    "io_uring": "the ring that makes calls past a filter",
    "setuid": "becoming root",
    "setgid": "becoming root's group",
    "capset": "raising capabilities",
    "mknod": "a device file of a disk",
    "setpriority": "a better priority",
    "realtime": "real-time scheduling",
    "memlock": "locking memory",
    "raise_limit": "raising a resource limit",
    "terminal": "typing into the terminal",
    "flock": "locking a file that other sandboxes lock too, to find out",
    "record_lock": "finding out who locks such a file",
    "open_file_lock": "a lock of such a file that /proc/locks shows to all",
    "lease": "a lease on such a file",
}

ATTACKS = (
    *(
        Attack(
            "kernel",
            name,
            tries,
            _CALLS,
            prints=(rf"^{name}: refused ({_OTHER_WORDS.get(name, _NO)})$",),
            own_kernel=(rf"^{name}: {_OWN}$",),
        )
        for name, tries in _TRIES.items()
    ),
    *(
        Attack(
            "kernel",
            name,
            tries,
            Upload("kernel/other_entry.py", argument=name),
            verdicts=frozenset({Verdict.SCORED, Verdict.RUNTIME_ERROR}),
            # Killed, or refused and lived to say so.
            prints=(rf"^trying {name}$",),
        )
        for name, tries in {
            "x32": "a refused call by its number for 32-bit pointers",
            "int80": "a refused call by the entry for 32-bit programs",
        }.items()
    ),
)
