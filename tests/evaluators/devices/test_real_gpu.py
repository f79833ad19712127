"""With a real driver and a real GPU, where there are any: listing, isolation, the probe."""

import json
from pathlib import Path

import pytest

from evaluators.devices.choose import devices_parse
from evaluators.devices.device import Device
from evaluators.devices.probing import LIMITS as CUDA_LIMITS
from evaluators.devices.probing import device_probe
from evaluators.devices.watch import DeviceWatch
from evaluators.sandbox import Sandbox, SandboxSpec
from tests.evaluators.backends import BACKENDS, backend
from tests.evaluators.devices.test_bubblewrap import LIMITS, LOOKS

REMAINS = Path(__file__).parent / "programs" / "remains"
ALL_PIECES = "100000"

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not Path("/dev/nvidiactl").exists(), reason="no NVIDIA GPU"),
]


@pytest.fixture(scope="module")
def devices() -> tuple[Device, ...]:
    return devices_parse("auto")


def test_every_device_has_its_nodes(devices: tuple[Device, ...]) -> None:
    assert devices
    for device in devices:
        assert device.memory_mb > 0
        assert all(Path(node).is_char_device() for node in device.nodes)


@pytest.mark.parametrize("name", BACKENDS)
def test_the_probe_passes_on_every_device(devices: tuple[Device, ...], name: str) -> None:
    sandbox = _with_devices(name)
    assert {device.uuid: device_probe(device, sandbox) for device in devices} == {
        device.uuid: None for device in devices
    }


@pytest.mark.parametrize("name", BACKENDS)
def test_a_job_sees_its_own_gpu_and_no_other(devices: tuple[Device, ...], name: str) -> None:
    sandbox = _with_devices(name)
    own = devices[0]
    spec = SandboxSpec(program=LOOKS, limits=LIMITS, device=own)
    with sandbox.open(spec) as session:
        nodes = json.loads(session.receive(100_000).payload)["nodes"]
    numbered = [node for node in nodes if node.removeprefix("/dev/nvidia").isdigit()]
    assert numbered == [own.nodes[0]]


@pytest.mark.parametrize("name", BACKENDS)
def test_a_job_of_the_processor_sees_no_gpu(name: str) -> None:
    sandbox = backend(name)
    with sandbox.open(SandboxSpec(program=LOOKS, limits=LIMITS)) as session:
        nodes = json.loads(session.receive(100_000).payload)["nodes"]
    assert not [node for node in nodes if "nvidia" in node]


@pytest.mark.parametrize("name", BACKENDS)
def test_what_a_job_leaves_in_memory_is_not_handed_on(
    devices: tuple[Device, ...], name: str
) -> None:
    sandbox = _with_devices(name)

    def run(order: str) -> dict[str, int]:
        spec = SandboxSpec(
            program=REMAINS, limits=CUDA_LIMITS, arguments=(order, ALL_PIECES), device=devices[0]
        )
        with sandbox.open(spec) as session:
            found: dict[str, int] = json.loads(session.receive(1000).payload)
            return found

    assert run("leave")["bytes"] > 0
    looked = run("look")
    assert looked["pieces"] > 0
    assert looked["bytes"] == 0


def test_a_device_that_does_nothing_is_well(devices: tuple[Device, ...]) -> None:
    for device in devices:
        with DeviceWatch(device.uuid) as watch:
            pass
        assert (watch.xids, watch.unwell()) == ((), None)


def _with_devices(name: str) -> Sandbox:
    if name == "docker+runsc":
        pytest.skip("runsc shows programs no GPU")
    return backend(name)
