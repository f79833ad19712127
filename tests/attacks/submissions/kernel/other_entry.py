"""Asks for a refused call where a filter for 64-bit programs may not look."""

import ctypes
import mmap

from attempts import argument, even_odds, system_call

# mov eax, 26 (ptrace of 32-bit programs); mov ebx, 16 (attach); mov ecx, 1; int 0x80; ret
INT80 = bytes.fromhex("53b81a000000bb10000000b901000000cd805bc3")


def x32():
    return system_call(0x40000000 | 101, 16, 1, 0, 0)


def int80():
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(INT80)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)()


class Model:
    def __init__(self, folder):
        print("trying", argument(), flush=True)
        try:
            result = {"x32": x32, "int80": int80}[argument()]()
        except OSError as error:
            result = -error.errno
        if result >= 0:
            print(f"{argument()}: SUCCEEDED", flush=True)

    def predict(self, inputs):
        return even_odds(inputs)
