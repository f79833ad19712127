"""Writes something else into the pipe than an answer."""

import json
import os
import pickle
import struct
import threading
import time

import numpy as np
from attempts import MARKER, argument, even_odds, frame, write_everywhere

READY, ANSWER, FAILURE = 3, 5, 6


def arrays(*entries, data=b"", length=None):
    """A payload of arrays, whatever their entries say."""
    header = json.dumps(entries).encode()
    return raw(header, data=data, length=length)


def raw(header, data=b"", length=None):
    return struct.pack("<I", len(header) if length is None else length) + header + data


def entry(**changes):
    return {"name": "sign", "dtype": "float32", "shape": [30, 2]} | changes


def answer(*entries, data=b""):
    return frame(ANSWER, arrays(*entries, data=data))


def failure(**changes):
    report = {
        "step": "predict", "types": ["ValueError"], "message": "x", "file": None, "line": None,
        "memory": False, "note": "",
    }  # fmt: skip
    return frame(FAILURE, json.dumps(report | changes).encode())


class Runs:
    """When it is unpickled, a program runs and leaves a file."""

    def __reduce__(self):
        return os.system, (f"touch /tmp/{MARKER}-pickle",)


DATA = np.full((30, 2), 0.5, np.float32).tobytes()
NAN = struct.pack("<I", 0x7FC04711) * 60
FRAMES = {
    "garbage": b"garbage" * 100,
    "zeros": bytes(1000),
    "huge_length": frame(ANSWER, length=0xFFFFFFFF),
    "negative_length": frame(ANSWER, length=0x80000000),
    "over_the_limit": frame(ANSWER, length=4 * 240 + (1 << 20) + 1),
    "other_magic": frame(ANSWER, b"x", magic=b"PK"),
    "other_padding": frame(ANSWER, b"x", zero=7),
    "unknown_kind": frame(200, b"x"),
    "kind_zero": frame(0, b"x"),
    "part_of_a_header": b"SB\5",
    "part_of_a_frame": frame(ANSWER, DATA, length=1000),
    "header_and_silence": frame(ANSWER, length=1000),
    "half_and_silence": frame(ANSWER, DATA, length=1000),
    "hello_again": frame(1),
    "configure": frame(2, b'{"job": "model"}'),
    "ready_again": frame(READY, b"{}"),
    "inputs": frame(4, arrays(entry(), data=DATA)),
    "end": frame(7),
    "file": frame(8, b"private/judged.npz\0x"),
    "start": frame(9, b'{"documents": 1}'),
    "empty_answer": frame(ANSWER),
    "failure_of_nothing": frame(FAILURE),
    "failure_no_json": frame(FAILURE, b"\xff{"),
    "failure_deep": frame(FAILURE, b"[" * 60_000),
    "failure_large": failure(message="x" * 1_000_000),
    "failure_digits": failure(file="model.py", line=int("9" * 1000)),
    "failure_lists": failure(types={"a": 1}, message=[1], step=["predict"]),
    "failure_of_ours": failure(step="InfrastructureError", types=["InfrastructureError"]),
    "failure_prepare": failure(step="prepare"),
    "failure_control": failure(message="\0\x1b[31m<script>alert(1)</script>\u202e\ud800" * 9),
    "header_too_long": frame(ANSWER, raw(b"[]", length=0xFFFFFFF0)),
    "header_no_json": frame(ANSWER, raw(b"\xff\xfe[")),
    "header_no_list": frame(ANSWER, raw(b'{"name": "sign"}')),
    "header_deep": frame(ANSWER, raw(b"[" * 16_000)),
    "header_numbers": frame(ANSWER, raw(b"[1, 2]")),
    "no_arrays": answer(),
    "many_arrays": answer(*({"name": "a", "dtype": "bool", "shape": [0]} for _ in range(300))),
    "same_name_twice": answer(entry(), entry(), data=DATA * 2),
    "long_name": answer(entry(name="x" * 16_000), data=DATA),
    "surrogate_name": answer(entry(name="\ud800\0\n"), data=DATA),
    "negative_shape": answer(entry(shape=[-30, -2]), data=DATA),
    "fraction_shape": answer(entry(shape=[30.0, 2.0]), data=DATA),
    "true_shape": answer(entry(shape=[True, True]), data=DATA),
    "shape_2_63": answer(entry(shape=[1 << 63, 2]), data=DATA),
    "shape_product": answer(entry(shape=[(1 << 48) - 1] * 32), data=DATA),
    "shape_40_axes": answer(entry(shape=[1] * 40), data=DATA),
    "shape_nan": answer(entry(shape=[float("nan")]), data=DATA),
    "no_shape": answer({"name": "sign", "dtype": "float32"}, data=DATA),
    "dtype_object": answer(entry(dtype="object"), data=bytes(480)),
    "dtype_void": answer(entry(dtype="V100000000"), data=DATA),
    "dtype_fields": answer(entry(dtype="f4,f4"), data=DATA),
    "dtype_lie": answer(entry(), data=np.full((30, 2), 0.5).tobytes()),
    "more_bytes": answer(entry(), data=DATA + b"x"),
    "fewer_bytes": answer(entry(), data=DATA[:-1]),
    "unknown_first": answer(entry(dtype="V8"), entry(), data=DATA),
    "npy_1_gb": frame(ANSWER, b"\x93NUMPY\2\0" + struct.pack("<I", 1 << 30) + b"{'descr': "),
    "npy_objects": frame(ANSWER, b"\x93NUMPY\1\0v\0{'descr': '|O', 'fortran_order': False}"),
    "pickle": frame(ANSWER, pickle.dumps(Runs())),
    "nan_payload": answer(entry(), data=NAN),
}
SILENT = ("header_and_silence", "half_and_silence")


def drip():
    for byte in answer(entry(), data=DATA):
        write_everywhere(bytes([byte]))
        time.sleep(0.1)


def flood():
    def write():
        while True:
            write_everywhere(frame(READY, b"{}") * 100)

    threading.Thread(target=write, daemon=True).start()
    time.sleep(600)


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        name = argument()
        print("writing", name, flush=True)
        if name in ("drip", "flood"):
            globals()[name]()
        write_everywhere(FRAMES[name])
        if name in SILENT:
            time.sleep(600)
        if name.startswith("part_"):
            os._exit(0)
        time.sleep(0.2)
        return even_odds(inputs)
