"""What bubblewrap is asked to show of a device, and what a real sandbox then shows."""

import json
import os
import resource
import stat
from pathlib import Path
from typing import Any

import pytest

from evaluators.devices.device import Device
from evaluators.devices.nvml import machine_examine
from evaluators.devices.probing import device_probe
from evaluators.errors import InfrastructureError
from evaluators.sandbox import Sandbox, SandboxSpec
from evaluators.sandbox import device_binds as device_binding
from evaluators.sandbox.device_binds import device_binds
from evaluators.sandbox.environment import environment
from evaluators.spec import Limits
from tests.evaluators.devices.conftest import SECOND_SLICE, WHOLE, FakeDriver, device

LOOKS = Path(__file__).parent / "programs" / "looks"
LIMITS = Limits(wall_seconds=20, memory_mb=256, artifact_mb=1)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a machine with the driver shows of itself."""
    for name in ("module/nvidia", "module/nvidia_uvm", "module/nvme", "devices/system/node"):
        (tmp_path / "sys" / name).mkdir(parents=True)
    (tmp_path / "alternatives").mkdir()
    monkeypatch.setattr(device_binding, "SYSTEM", tmp_path / "sys")
    monkeypatch.setattr(device_binding, "LIBRARY_LINKS", tmp_path / "alternatives")
    return tmp_path


def asked(nvidia: FakeDriver, system: Path, found: Device) -> list[str]:
    binds = [part.replace(str(nvidia.dev), "/dev") for part in device_binds(found)]
    return [
        part.replace(str(system / "sys"), "/sys").replace(str(system), "/etc") for part in binds
    ]


DRIVER = [
    "--ro-bind", "/sys/module/nvidia", "/sys/module/nvidia",
    "--ro-bind", "/sys/module/nvidia_uvm", "/sys/module/nvidia_uvm",
    "--ro-bind", "/sys/devices/system/node", "/sys/devices/system/node",
    "--ro-bind", "/etc/alternatives", "/etc/alternatives",
]  # fmt: skip


def test_the_binds_of_a_gpu(nvidia: FakeDriver, system: Path) -> None:
    gpu = machine_examine().gpus[0].device
    assert asked(nvidia, system, gpu) == [
        "--dev-bind", "/dev/nvidia0", "/dev/nvidia0",
        "--dev-bind", "/dev/nvidiactl", "/dev/nvidiactl",
        "--dev-bind", "/dev/nvidia-uvm", "/dev/nvidia-uvm",
        "--dev-bind", "/dev/nvidia-uvm-tools", "/dev/nvidia-uvm-tools",
        *DRIVER,
    ]  # fmt: skip


def test_the_binds_of_a_slice(nvidia: FakeDriver, system: Path) -> None:
    part = machine_examine().gpus[1].slices[1]
    assert asked(nvidia, system, part) == [
        "--dev-bind", "/dev/nvidia1", "/dev/nvidia1",
        "--dev-bind", "/dev/nvidiactl", "/dev/nvidiactl",
        "--dev-bind", "/dev/nvidia-uvm", "/dev/nvidia-uvm",
        "--dev-bind", "/dev/nvidia-uvm-tools", "/dev/nvidia-uvm-tools",
        "--dev-bind", "/dev/nvidia-caps/nvidia-cap84", "/dev/nvidia-caps/nvidia-cap84",
        "--dev-bind", "/dev/nvidia-caps/nvidia-cap85", "/dev/nvidia-caps/nvidia-cap85",
        *DRIVER,
    ]  # fmt: skip


def test_the_variables_of_a_device() -> None:
    with_device = environment(programs="/p", cpus=1, device=device(SECOND_SLICE))
    without = environment(programs="/p", cpus=1, device=None)
    changed = {name: value for name, value in with_device.items() if without.get(name) != value}
    assert changed == {
        "CUDA_VISIBLE_DEVICES": SECOND_SLICE,
        "NVIDIA_VISIBLE_DEVICES": SECOND_SLICE,
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        "CUDA_CACHE_DISABLE": "1",
    }
    assert (without["CUDA_VISIBLE_DEVICES"], without["NVIDIA_VISIBLE_DEVICES"]) == ("", "void")


def test_a_node_that_is_missing_is_named(nvidia: FakeDriver) -> None:
    (nvidia.dev / "nvidia-uvm").unlink()
    gpu = machine_examine().gpus[0].device
    with pytest.raises(InfrastructureError, match=r"needs .*/nvidia-uvm, .* nvidia-modprobe"):
        device_binds(gpu)


def test_only_device_files_are_shown(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("secret")
    with pytest.raises(InfrastructureError, match="no character device"):
        device_binds(device(WHOLE, str(tmp_path / "labels")))


# From here on a real sandbox, with other device files of this machine in place of a GPU's.


def seen_by(sandbox: Sandbox, used: Device | None) -> dict[str, Any]:
    spec = SandboxSpec(program=LOOKS, limits=LIMITS, device=used)
    with sandbox.open(spec) as session:
        seen: dict[str, Any] = json.loads(session.receive(100_000).payload)
        return seen


@pytest.fixture(scope="module")
def bare(bubblewrap: Sandbox) -> dict[str, Any]:
    """What a program without a device sees."""
    return seen_by(bubblewrap, None)


@pytest.fixture(scope="module")
def stand_ins(bare: dict[str, Any]) -> list[str]:
    """Device files that everybody may open and that no sandbox shows."""
    found = [
        str(path)
        for path in sorted(Path("/dev").iterdir())
        if stat.S_ISCHR(path.lstat().st_mode)
        and path.stat().st_mode & stat.S_IROTH
        and str(path) not in bare["nodes"]
    ]
    if len(found) < 2:
        pytest.skip("this machine has too few device files")
    return found


@pytest.mark.sandbox
def test_a_program_sees_the_nodes_of_its_device_and_no_others(
    bubblewrap: Sandbox, bare: dict[str, Any], stand_ins: list[str]
) -> None:
    given, kept = stand_ins[0], stand_ins[1:]
    seen = seen_by(bubblewrap, device(WHOLE, given))
    assert set(seen["nodes"]) == {*bare["nodes"], given}
    assert not set(kept) & set(seen["nodes"])
    assert given in seen["opened"] or not _opens(given)
    folders = set(seen["system"])
    assert "/sys/devices/system/node" in folders
    shown = {
        "/sys",
        "/sys/devices",
        "/sys/devices/system",
        "/sys/devices/system/node",
        "/sys/module",
    }
    assert all(folder.startswith("/sys/module/nvidia") for folder in folders - shown)
    assert seen["environment"]["CUDA_VISIBLE_DEVICES"] == WHOLE


@pytest.mark.sandbox
def test_a_node_below_a_folder_is_shown_too(bubblewrap: Sandbox) -> None:
    nested = [path for path in Path("/dev").glob("*/*") if _is_new_node(path)]
    if not nested:
        pytest.skip("this machine has no such device file")
    assert str(nested[0]) in seen_by(bubblewrap, device(WHOLE, str(nested[0])))["nodes"]


@pytest.mark.sandbox
def test_a_program_without_a_device_sees_none(bare: dict[str, Any]) -> None:
    assert not [node for node in bare["nodes"] if "nvidia" in node]
    assert bare["driver"] == []
    assert bare["system"] == []
    assert bare["environment"]["CUDA_VISIBLE_DEVICES"] == ""
    assert bare["environment"]["NVIDIA_VISIBLE_DEVICES"] == "void"
    assert bare["locked_memory"] == 0


@pytest.mark.sandbox
def test_address_space_is_free_and_memory_may_be_pinned_on_a_device(
    bubblewrap: Sandbox, stand_ins: list[str]
) -> None:
    seen = seen_by(bubblewrap, device(WHOLE, stand_ins[0]))
    assert seen["address_space"] == resource.RLIM_INFINITY
    # A worker that is not the machine's root can't allow more than it may do itself.
    _, allowed = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    wanted = LIMITS.memory_mb * 2**20
    assert seen["locked_memory"] == (min(wanted, allowed) if allowed >= 0 else wanted) > 0


@pytest.mark.sandbox
def test_the_probe_really_runs_and_says_what_is_missing(
    bubblewrap: Sandbox, nvidia: FakeDriver, stand_ins: list[str]
) -> None:
    trouble = device_probe(device(WHOLE, stand_ins[0]), bubblewrap)
    if not Path("/dev/nvidiactl").exists():
        assert trouble is not None
        assert "libcuda.so.1" in trouble or trouble.startswith("cuInit fails")


@pytest.mark.sandbox
def test_a_device_without_its_node_starts_nothing(bubblewrap: Sandbox, nvidia: FakeDriver) -> None:
    trouble = device_probe(device(WHOLE, "/dev/nvidia99"), bubblewrap)
    assert "needs /dev/nvidia99, which is not there" in str(trouble)


def _opens(node: str) -> bool:
    """Whether opening it does anything here at all."""
    try:
        os.close(os.open(node, os.O_RDONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


def _is_new_node(path: Path) -> bool:
    if path.parts[2] in ("pts", "fd"):
        return False
    mode = path.lstat().st_mode
    return stat.S_ISCHR(mode) and bool(mode & stat.S_IROTH)
