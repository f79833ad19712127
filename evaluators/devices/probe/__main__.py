"""Computes a little through the driver's own library, and sends what went wrong, if anything.

Its one argument is the uuid of the device that it ought to see.
"""

import ctypes
import json
import os
import struct
import sys
import uuid
from typing import Any

READY = 3  # evaluators.runner.frames.Kind.READY; a program imports nothing of the host's
BUFFER_BYTES = 16 << 20
PATTERN = 0xA5
TARGET = ctypes.c_uint64  # an address on the device


class Trouble(Exception):
    """What is wrong, in a few words."""


def main() -> None:
    """Tries the device and sends `{"trouble": ...}`, empty when it works."""
    trouble = ""
    try:
        device_use(sys.argv[1])
    except Trouble as found:
        trouble = str(found)
    payload = json.dumps({"trouble": trouble}).encode()
    sys.stdout.buffer.write(struct.pack("<2sBBI", b"SB", READY, 0, len(payload)) + payload)
    sys.stdout.buffer.flush()


def device_use(expected: str) -> None:
    """Fills memory of the only device and reads it back."""
    # What is visible must not depend on a variable that any program can change.
    os.environ.pop("CUDA_VISIBLE_DEVICES", None)
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        raise Trouble(f"the driver's library can't be loaded: {error}") from error
    call(cuda, "cuInit", 0)
    count, device, context = ctypes.c_int(), ctypes.c_int(), ctypes.c_void_p()
    call(cuda, "cuDeviceGetCount", ctypes.byref(count))
    if count.value != 1:
        raise Trouble(f"{count.value} devices are visible, not one")
    call(cuda, "cuDeviceGet", ctypes.byref(device), 0)
    identity = (ctypes.c_ubyte * 16)()
    call(cuda, "cuDeviceGetUuid_v2", identity, device)
    if uuid.UUID(bytes=bytes(identity)) != uuid.UUID(expected.partition("-")[2]):
        raise Trouble(f"another device is visible: {uuid.UUID(bytes=bytes(identity))}")
    call(cuda, "cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
    call(cuda, "cuCtxSetCurrent", context)
    memory_use(cuda)
    call(cuda, "cuDevicePrimaryCtxRelease_v2", device)


def memory_use(cuda: ctypes.CDLL) -> None:
    """Has the device fill a buffer, copies another one there and back, and compares both."""
    filled, copied = TARGET(), TARGET()
    size = ctypes.c_size_t(BUFFER_BYTES)
    read = (ctypes.c_ubyte * BUFFER_BYTES)()
    sent = (ctypes.c_ubyte * BUFFER_BYTES).from_buffer(
        bytearray(range(256)) * (BUFFER_BYTES // 256)
    )
    call(cuda, "cuMemAlloc_v2", ctypes.byref(filled), size)
    call(cuda, "cuMemsetD8_v2", filled, ctypes.c_ubyte(PATTERN), size)
    call(cuda, "cuMemcpyDtoH_v2", read, filled, size)
    if bytes(read) != bytes([PATTERN]) * BUFFER_BYTES:
        raise Trouble("its memory does not hold what it was filled with")
    call(cuda, "cuMemAlloc_v2", ctypes.byref(copied), size)
    call(cuda, "cuMemcpyHtoD_v2", copied, sent, size)
    call(cuda, "cuMemcpyDtoH_v2", read, copied, size)
    if bytes(read) != bytes(sent):
        raise Trouble("its memory does not hold what was copied to it")
    for buffer in (filled, copied):
        call(cuda, "cuMemFree_v2", buffer)


def call(cuda: ctypes.CDLL, name: str, *arguments: Any) -> None:
    """Calls the driver and names what it refuses."""
    status = getattr(cuda, name)(*arguments)
    if status != 0:
        text = ctypes.c_char_p()
        known = cuda.cuGetErrorName(status, ctypes.byref(text)) == 0 and text.value is not None
        raise Trouble(f"{name} fails: {(text.value or b'').decode() if known else status}")


if __name__ == "__main__":
    main()
