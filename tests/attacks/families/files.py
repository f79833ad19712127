"""Reading what isn't its own, and writing where it must not."""

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload

_READS = Upload("files/reads.py", next_is_judged=True)
_WRITES = Upload("files/writes.py", next_is_judged=True)
_FILLS = Upload("files/fills.py", next_is_judged=True)
# Where no control group counts memory, its time is what ends it.
_STOPPED = frozenset(
    {Verdict.SCORED, Verdict.OUT_OF_MEMORY, Verdict.RUNTIME_ERROR, Verdict.TIMEOUT}
)
_GONE = "refused (ENOENT|EACCES|EPERM|ESRCH|ENXIO|EIO|ENOTDIR|ENODEV)"
_FIXED = "refused (EROFS|EACCES|EPERM|ENOENT|ENXIO|EBUSY)"

_READ = {
    "host_file": "a file of the host that everybody may read",
    "host_shared_memory": "a file in the host's shared memory",
    "labels": "the hidden data of its own task",
    "sibling": "the folders beside its own",
    "shadow": "the host's passwords",
    "root_home": "the home of the host's root",
    "other_environ": "the environment of the process that judges it",
    "other_root": "the host's root through another process's",
    "other_descriptors": "descriptors of the process that judges it",
    "first_memory": "the memory of the sandbox's first process",
    "kernel_memory": "the kernel's memory",
    "kernel_log": "the kernel's log",
    "machine_memory": "the machine's memory",
    "disk": "the machine's disk",
    "link_to_host": "a host's file through a link of its own",
    "dots": "a host's file by climbing out of its folder",
    "descriptor_climb": "a host's file by climbing from an open folder",
}

_WRITE = {
    "own_folder": "its own submitted files",
    "own_model": "replacing its own model.py for the judged stage",
    "runner": "the code that runs it",
    "runtime": "a library that every submission loads",
    "interpreter": "the interpreter",
    "etc": "the system's settings",
    "root": "the root folder",
    "dev": "a new device",
    "sys": "the machine's settings below /sys",
    "proc_sys": "the machine's settings below /proc/sys",
    "sysrq": "a reboot by the magic key",
    "core_pattern": "a program that the host's kernel starts for it",
    "release_agent": "a program that the host's control groups start for it",
    "own_score": "its own standing with the kernel's memory killer",
    "uid_map": "its map of user ids",
    "remount": "making the runtime writable",
    "chmod": "the permissions of a library",
    "device_null": "the permissions of /dev/null",
}

ATTACKS = (
    *(
        Attack("files", f"reads_{name}", tries, _READS, prints=(rf"^reads_{name}: {_GONE}$",))
        for name, tries in _READ.items()
    ),
    *(
        Attack(
            "files",
            f"writes_{name}",
            tries,
            _WRITES,
            prints=(rf"^writes_{name}: {_FIXED}$",),
            # Its own kernel's memory killer is not the host's.
            own_kernel=(rf"^writes_{name}: SUCCEEDED None$",) if name == "own_score" else None,
        )
        for name, tries in _WRITE.items()
    ),
    Attack(
        "files",
        "searches_for_labels",
        "finding hidden data anywhere",
        _READS,
        prints=(r"^searched [1-9]\d* files, found \[\]$",),
    ),
    Attack(
        "files",
        "first_process",
        "secrets in the first process's environment and command line",
        _READS,
        prints=(r"^first process: environment 0 bytes or its own, no secret$",),
    ),
    Attack(
        "files",
        "mounts",
        "paths of hidden data in the list of mounts",
        _READS,
        prints=(r"^mounts: [1-9]\d* lines, 0 with secrets$",),
    ),
    *(
        Attack("files", f"fills_{name}", tries, _FILLS, prints=(pattern,))
        for name, tries, pattern in (
            ("scratch", "filling /tmp", r"^fills_scratch: stopped by E\w+ below 65 MB$"),
            ("shared", "filling /dev/shm", r"^fills_shared: stopped by E\w+ below 65 MB$"),
            ("sparse", "a file of a terabyte", r"^fills_sparse: refused (EFBIG|ENOSPC|EINVAL)$"),
            ("deleted", "files that are open and gone", r"^fills_deleted: stopped by E\w+ below"),
            ("elsewhere", "anywhere else to write", r"^fills_elsewhere: \[\]$"),
        )
    ),
    Attack(
        "files",
        "fills_inodes",
        "empty files without end",
        Upload("files/inodes.py", limits=(("memory_mb", "128"),), next_is_judged=True),
        verdicts=_STOPPED,
        prints=(r"^making files$",),
    ),
    Attack(
        "files",
        "deep_folders",
        "folders that are too deep to be removed",
        Upload("files/deep.py", next_is_judged=True),
        prints=(r"^depth [1-9]\d{2,}$",),
    ),
)
