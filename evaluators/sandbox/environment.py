"""The environment of a sandboxed program, which is the same in every backend."""

import os

from evaluators.devices.device import Device
from evaluators.sandbox.threads import thread_variables


def environment(*, programs: str, cpus: int, device: Device | None) -> dict[str, str]:
    """Returns all variables that a program is started with.

    Args:
        programs: folder in the sandbox that holds the program's package.
        cpus: processors that it may use.
        device: the accelerator that it may use.
    """
    variables = {
        "HOME": "/tmp",  # noqa: S108 inside the sandbox
        "TMPDIR": "/tmp",  # noqa: S108
        "USER": "model",
        "LOGNAME": "model",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": programs,
        "PYTHONUNBUFFERED": "1",
        **_device_variables(device),
        **thread_variables(cpus),
    }
    # On some processors old OpenBLAS kernels compute wrong results; the machine's choice goes in.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        if name in os.environ:
            variables[name] = os.environ[name]
    return variables


def _device_variables(device: Device | None) -> dict[str, str]:
    if device is None:
        return {"CUDA_VISIBLE_DEVICES": "", "NVIDIA_VISIBLE_DEVICES": "void"}
    return {
        "CUDA_VISIBLE_DEVICES": device.uuid,
        "NVIDIA_VISIBLE_DEVICES": device.uuid,
        # Otherwise TensorFlow and JAX take all of the device's memory when they start, and what
        # the other framework of the same submission then asks for is not there.
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        # What is compiled would be kept in a scratch folder that is small and dies with the job.
        "CUDA_CACHE_DISABLE": "1",
    }
