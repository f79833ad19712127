"""Stand-ins for NVIDIA's libraries, built from C: the real binding and probe talk to them."""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pynvml
import pytest

from evaluators.devices import nvml as asking
from evaluators.devices import watch as watching
from evaluators.devices.device import Device
from evaluators.devices.slots import FOLDER_VARIABLE

HERE = Path(__file__).parent
WHOLE = "GPU-00000000-0000-4000-8000-000000000001"
OTHER = "GPU-00000000-0000-4000-8000-000000000002"
SLICE = "MIG-00000000-0000-4000-8000-000000000003"
SECOND_SLICE = "MIG-00000000-0000-4000-8000-000000000004"


def build(name: str, library: Path) -> Path:
    """Builds one of the fakes as a shared library; skips the test without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler")
    flags = ["-shared", "-fPIC", f"-Wl,-soname,{library.name}"]
    subprocess.run([compiler, *flags, "-o", library, HERE / f"{name}.c"], check=True)
    return library


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both fakes under the names of the real ones."""
    folder = tmp_path_factory.mktemp("libraries")
    build("fake_nvml", folder / "libnvidia-ml.so.1")
    build("fake_cuda", folder / "libcuda.so.1")
    return folder


class FakeDriver:
    """What the fake library knows: facts, one a line; see fake_nvml.c.

    Two GPUs, of which the second is in MIG mode with two slices, unless a test says otherwise.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "nvml.txt"
        self.dev = folder / "dev"
        self.capabilities = folder / "capabilities"
        self.healthy()
        self._nodes()

    def healthy(self) -> None:
        self.tell(
            "driver 0",
            f"gpu {WHOLE} 0 24576 -1 0 0",
            f"gpu {OTHER} 1 40960 1 0 0",
            f"slice 1 {SLICE} 4864 9 0",
            f"slice 1 {SECOND_SLICE} 4864 11 0",
        )

    def tell(self, *facts: str) -> None:
        """Says all that the driver knows."""
        self._replace("".join(f"{fact}\n" for fact in facts))

    def add(self, *facts: str) -> None:
        """Lets the driver know more."""
        self._replace(self.file.read_text() + "".join(f"{fact}\n" for fact in facts))

    def change(self, before: str, after: str) -> None:
        """Changes one fact."""
        assert before in self.file.read_text()
        self._replace(self.file.read_text().replace(before, after))

    def _replace(self, text: str) -> None:
        written = self.file.with_suffix(".new")
        written.write_text(text)
        written.replace(self.file)

    def _nodes(self) -> None:
        (self.dev / "nvidia-caps").mkdir(parents=True)
        names = ["nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools"]
        names += [f"nvidia-caps/nvidia-cap{number}" for number in (66, 67, 84, 85)]
        for name in names:
            (self.dev / name).symlink_to("/dev/null")
        for part, minor in (("gi9", 66), ("gi9/ci0", 67), ("gi11", 84), ("gi11/ci0", 85)):
            folder = self.capabilities / "gpu1" / "mig" / part
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "access").write_text(
                f"DeviceFileMinor: {minor}\nDeviceFileMode: 292\nDeviceFileModify: 1\n"
            )


@pytest.fixture
def nvidia(libraries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    """A driver with two GPUs, for NVIDIA's binding in this process."""
    driver = FakeDriver(tmp_path)
    monkeypatch.setenv("FAKE_NVML", str(driver.file))
    monkeypatch.setattr(pynvml, "nvmlLib", ctypes.CDLL(str(libraries / "libnvidia-ml.so.1")))
    monkeypatch.setattr(pynvml, "_nvmlGetFunctionPointer_cache", {})
    monkeypatch.setattr(watching, "WAIT_MS", 20)
    monkeypatch.setattr(asking, "DEVICE_FILES", driver.dev)
    monkeypatch.setattr(asking, "CAPABILITIES", driver.capabilities)
    return driver


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for locks that only this test uses."""
    folder = tmp_path / "locks"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


def device(uuid: str = WHOLE, *nodes: str) -> Device:
    return Device(uuid=uuid, name="Fake GPU", memory_mb=24576, nodes=nodes)


def library_environment(libraries: Path, **variables: str) -> dict[str, str]:
    """An environment in which a process finds the fakes as it would find the real libraries."""
    return {**os.environ, "LD_LIBRARY_PATH": str(libraries), **variables}
