"""Which of the driver's errors (Xids) are the device's own fault.

Numbers, names and what they mean are those of NVIDIA's catalogue:
https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html

All that is not listed counts as the program's doing: what programs can cause (13, 31, 43, 45, 69,
109), what NVIDIA leaves open, and what is new. Otherwise one submission could take every device out
of service, and be judged again for it. Not listed either are reports that the device has repaired
itself (63, 92, 121, 160), which spoil no result, and 154, which only sums up what others say:
whether the device must be reset is asked of the driver itself.
"""

from collections.abc import Iterable

HARDWARE = {
    48: "double-bit ECC error",
    54: "auxiliary power is not connected",
    62: "internal micro-controller halt",
    64: "memory remapping failure",
    74: "NVLink error",
    79: "GPU has fallen off the bus",
    94: "contained memory error",
    95: "uncontained memory error",
    110: "security fault error",
    119: "GSP RPC timeout",
    120: "GSP error",
    136: "link training failed",
    140: "unrecovered ECC error",
    143: "GPU initialization error",
    144: "NVLink SAW error",
    145: "NVLink RLW error",
    146: "NVLink TLW error",
    147: "NVLink TREX error",
    148: "NVLink NVLPW_CTRL error",
    149: "NVLink NETIR error",
    150: "NVLink MSE error",
    156: "resource retirement event",
    158: "GPU fatal timeout",
    167: "PCIe fatal timeout",
    169: "internal micro-controller halt",
    171: "uncorrectable DRAM error",
    172: "uncorrectable SRAM error",
}


def hardware_fault(xids: Iterable[int]) -> str | None:
    """Says in words which of some errors are the device's fault; None if none is."""
    found = sorted({xid for xid in xids if xid in HARDWARE})
    return ", ".join(f"Xid {xid} ({HARDWARE[xid]})" for xid in found) or None
