"""Leaves a pattern in all memory of a device, or looks for one that somebody has left."""

import ctypes
import json
import struct
import sys

READY = 3  # evaluators.runner.frames.Kind.READY
PIECE = 64 << 20
LOOKED_AT = 1 << 20
PATTERN = 0xC3


def main(order: str) -> None:
    cuda = ctypes.CDLL("libcuda.so.1")
    device, context = ctypes.c_int(), ctypes.c_void_p()
    for status in (
        cuda.cuInit(0),
        cuda.cuDeviceGet(ctypes.byref(device), 0),
        cuda.cuDevicePrimaryCtxRetain(ctypes.byref(context), device),
        cuda.cuCtxSetCurrent(context),
    ):
        if status:
            sys.exit(f"the driver refuses: {status}")
    pieces = allocated(cuda, int(sys.argv[2]))
    found = sum(fill(cuda, at) if order == "leave" else look(cuda, at) for at in pieces)
    payload = json.dumps({"pieces": len(pieces), "bytes": found}).encode()
    sys.stdout.buffer.write(struct.pack("<2sBBI", b"SB", READY, 0, len(payload)) + payload)
    sys.stdout.buffer.flush()


def allocated(cuda: ctypes.CDLL, most: int) -> list[ctypes.c_uint64]:
    """All pieces that are to be had, never cleared by us."""
    pieces: list[ctypes.c_uint64] = []
    while len(pieces) < most:
        at = ctypes.c_uint64()
        if cuda.cuMemAlloc_v2(ctypes.byref(at), ctypes.c_size_t(PIECE)):
            break
        pieces.append(at)
    return pieces


def fill(cuda: ctypes.CDLL, at: ctypes.c_uint64) -> int:
    if cuda.cuMemsetD8_v2(at, ctypes.c_ubyte(PATTERN), ctypes.c_size_t(PIECE)):
        sys.exit("memory can't be filled")
    # Waits for it, and sees that looking would find it.
    return look(cuda, at)


def look(cuda: ctypes.CDLL, at: ctypes.c_uint64) -> int:
    """How many bytes of the pattern stand in the beginning of a piece."""
    read = (ctypes.c_ubyte * LOOKED_AT)()
    if cuda.cuMemcpyDtoH_v2(read, at, ctypes.c_size_t(LOOKED_AT)):
        sys.exit("memory can't be read")
    return bytes(read).count(PATTERN)


if __name__ == "__main__":
    main(sys.argv[1])
