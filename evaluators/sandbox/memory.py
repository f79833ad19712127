"""Memory of a tree of processes, where no control group counts it."""

import contextlib
import time
from pathlib import Path

# Reading smaps walks page tables; often enough to catch growth, seldom enough to cost nothing.
SAMPLE_SECONDS = 0.25


class TreeMemory:
    """Samples the proportional set size (PSS) of a process and all its descendants.

    Args:
        pid: the root of the tree.
        limit_mb: more than this is out of memory.
    """

    def __init__(self, pid: int, limit_mb: int) -> None:
        self._pid = pid
        self._limit_kb = limit_mb * 1024
        self._next_sample = 0.0
        self._peak_kb = 0

    def out_of_memory(self) -> bool:
        """Whether the tree was ever seen above its limit."""
        if time.monotonic() >= self._next_sample:
            self._peak_kb = max(self._peak_kb, sum(_pss_kb(pid) for pid in _tree(self._pid)))
            self._next_sample = time.monotonic() + SAMPLE_SECONDS
        return self._peak_kb > self._limit_kb

    def peak_memory_mb(self) -> float:
        """Largest sample, in MB."""
        return self._peak_kb / 1024


def _tree(root: int) -> list[int]:
    pids = [root]
    for pid in pids:
        with contextlib.suppress(OSError):
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                pids += map(int, children.read_text().split())
    return pids


def _pss_kb(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
