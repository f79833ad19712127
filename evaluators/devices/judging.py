"""Judges on a device, and tells a broken device from a broken submission."""

from collections.abc import Callable

from evaluators.devices.device import Device
from evaluators.devices.probing import device_probe
from evaluators.devices.slots import HeldDevice
from evaluators.devices.watch import DeviceWatch
from evaluators.errors import InfrastructureError
from evaluators.report import EvaluationReport
from evaluators.sandbox.base import Sandbox
from evaluators.verdicts import Verdict

# Verdicts that a device which does not work could have caused.
DOUBTFUL = frozenset(
    {
        Verdict.LOAD_ERROR,
        Verdict.RUNTIME_ERROR,
        Verdict.INVALID_PREDICTIONS,
        Verdict.TIMEOUT,
        Verdict.OUT_OF_MEMORY,
    }
)


def device_evaluate(
    held: HeldDevice, *, sandbox: Sandbox, judge: Callable[[Device], EvaluationReport]
) -> EvaluationReport:
    """Judges on a held device while watching it.

    A hardware error or a lost device makes the result worthless, whatever it is. Without one, the
    device is probed when the submission failed or the driver reported anything: one that does not
    work any more is taken out of service, and is to blame unless errors came that the
    submission's code may have caused; then the verdict stays what it is.

    Args:
        held: the device; it is not released.
        sandbox: where a probe runs.
        judge: calls `evaluate` with the device.

    Returns:
        The report of `judge`.

    Raises:
        TaskError: as `judge` does.
        InfrastructureError: as `judge` does, or the device is at fault and out of service now.
    """
    watch = held.watch()
    report: EvaluationReport | None = None
    try:
        with watch:
            if watch.fault() is None:
                report = judge(held.device)
    except Exception:
        # Whatever it was: the next job must not get a broken device.
        _examine(held, watch, report, sandbox)
        raise
    blamed = _examine(held, watch, report, sandbox)
    if report is None or (blamed and report.verdict is not Verdict.CANCELLED):
        raise InfrastructureError(f"the device {held.device.uuid} is out of service: {blamed}")
    return report


def _examine(
    held: HeldDevice, watch: DeviceWatch, report: EvaluationReport | None, sandbox: Sandbox
) -> str | None:
    """Drains the device if it must be; returns what it is to blame for."""
    fault, unwell = watch.fault(), watch.unwell()
    failed = report is None or report.verdict in DOUBTFUL
    if unwell is None and (watch.xids or failed):
        unwell = device_probe(held.device, sandbox)
    if unwell is None:
        return None
    held.drain(unwell, watch.xids)
    return unwell if fault or not watch.xids else None
