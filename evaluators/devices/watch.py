"""Watches one device while a program uses it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from evaluators.devices.nvml import DriverError, driver, physical
from evaluators.devices.xids import hardware_fault

WAIT_MS = 200
# A driver that answers nothing for so long is stuck, as it is with some broken devices.
STUCK_SECONDS = 30
# Nothing more comes from a program that is dead; a device that goes on and on must not hold us.
LAST_EVENTS = 1000
# In the driver's word for an error that belongs to no MIG slice.
NO_INSTANCE = 0xFFFFFFFF


class DeviceWatch:
    """Collects the errors of a device from entering to leaving, then looks whether it is well.

    A thread asks the driver: a call to a broken device may never return.

    Args:
        uuid: of the device.
    """

    def __init__(self, uuid: str) -> None:
        self._uuid = uuid
        self._xids: list[int] = []
        self._lost: str | None = None
        self._unwell: str | None = None
        self._ready = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def xids(self) -> tuple[int, ...]:
        """The errors so far, in their order; of a slice also those that name no slice."""
        return tuple(self._xids)

    def fault(self) -> str | None:
        """What the device itself is to blame for, so far: a hardware error, or being gone."""
        return self._lost or hardware_fault(self._xids)

    def unwell(self) -> str | None:
        """Why it can't be used again as it is, known after leaving; whoever is to blame."""
        return self.fault() or self._unwell

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(STUCK_SECONDS):
            self._lost = "the driver does not answer"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(STUCK_SECONDS)
        if self._thread.is_alive():
            self._lost = "the driver does not answer"

    def _run(self) -> None:
        try:
            with driver() as nvml:
                handle, instance = physical(nvml, self._uuid)
                with _events(nvml, handle) as events:
                    self._ready.set()
                    while not self._over.is_set():
                        self._take(nvml, events, instance)
                    for _ in range(LAST_EVENTS):
                        if not self._take(nvml, events, instance):
                            break
                self._unwell = reset_needed(nvml, physical(nvml, self._uuid)[0])
        except DriverError as error:
            self._lost = str(error)
        finally:
            self._ready.set()

    def _take(self, nvml: Any, events: Any, instance: tuple[int, int] | None) -> bool:
        """Waits for an error for a moment; whether one came."""
        if events is None:
            self._over.wait(WAIT_MS / 1000)
            return False
        try:
            event = nvml.nvmlEventSetWait(events, WAIT_MS)
        except nvml.NVMLError_Timeout:
            return False
        named = (event.gpuInstanceId, event.computeInstanceId)
        # A slice answers for what names it, and for what befell the whole GPU.
        if instance is None or NO_INSTANCE in named or named == instance:
            self._xids.append(event.eventData)
        return True


def reset_needed(nvml: Any, handle: Any) -> str | None:
    """Asks the driver for something that only a living GPU answers, and what it asks of us."""
    nvml.nvmlDeviceGetMemoryInfo(handle)
    words = {
        nvml.NVML_GPU_RECOVERY_ACTION_GPU_RESET: "a reset of the GPU",
        nvml.NVML_GPU_RECOVERY_ACTION_NODE_REBOOT: "a reboot of the machine",
        nvml.NVML_GPU_RECOVERY_ACTION_BUS_RESET: "a reset of the GPU's bus",
        nvml.NVML_GPU_RECOVERY_ACTION_SYSTEM_REBOOT: "a reboot of the system",
    }
    try:
        answer = nvml.nvmlDeviceGetFieldValues(handle, [nvml.NVML_FI_DEV_GET_GPU_RECOVERY_ACTION])
    except (nvml.NVMLError_NotSupported, nvml.NVMLError_FunctionNotFound):
        return None
    # Older drivers don't know the question. Other answers than these leave it usable.
    if answer[0].nvmlReturn != nvml.NVML_SUCCESS or answer[0].value.uiVal not in words:
        return None
    return f"the driver asks for {words[answer[0].value.uiVal]}"


@contextmanager
def _events(nvml: Any, handle: Any) -> Iterator[Any]:
    """A set of the errors of a GPU; None where the driver reports none."""
    wanted = nvml.nvmlEventTypeXidCriticalError
    try:
        if not nvml.nvmlDeviceGetSupportedEventTypes(handle) & wanted:
            raise nvml.NVMLError(nvml.NVML_ERROR_NOT_SUPPORTED)
        events = nvml.nvmlEventSetCreate()
    except nvml.NVMLError_NotSupported:
        yield None
        return
    try:
        nvml.nvmlDeviceRegisterEvents(handle, wanted, events)
        yield events
    finally:
        nvml.nvmlEventSetFree(events)
