"""Runs programs in containers of a Docker engine."""

import contextlib
import secrets
import time

from docker.errors import APIError
from docker.types import Mount

from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox, SandboxSpec, Session
from evaluators.sandbox.docker.container import (
    FOLDERS,
    GVISOR,
    Placement,
    container_create,
)
from evaluators.sandbox.docker.engine import (
    CONFLICT,
    ENGINE_ERRORS,
    engine_asked,
    engine_connect,
    image_find,
    reason,
)
from evaluators.sandbox.docker.memory import ContainerMemory
from evaluators.sandbox.docker.ownership import (
    container_remove,
    device_clear,
    labels,
    leftovers_remove,
    volume_remove,
    worker_home,
)
from evaluators.sandbox.docker.process import ContainerProcess
from evaluators.sandbox.docker.profile import seccomp_profile
from evaluators.sandbox.docker.volume import volume_filled
from evaluators.sandbox.pipes import PipeSession
from evaluators.sandbox.program import package_name

RUNTIMES = ("runc", GVISOR)
# A slot is the name of a container: the engine gives each name once, to whichever worker asks.
SLOT_NAME = "springboard-slot-{}"
SLOTS = 256
# Above the ids that sandboxes of this machine without an engine take; where the engine maps ids,
# only the first 65,536 exist.
FIRST_UID = 7_341_000
FIRST_MAPPED_UID = 50_000
SWEEP_SECONDS = 60


class Docker(Sandbox):
    """Runs programs in containers.

    Args:
        image: the runtime image: a name, a digest or an id.
        runtime: `runc`, `runsc`, or None for the stronger of those that the engine has.

    Raises:
        InfrastructureError: the engine, its runtime or the image is not there.
    """

    def __init__(self, image: str, runtime: str | None = None) -> None:
        self._engine = engine_connect()
        available = [name for name in RUNTIMES if name in self._engine.runtimes]
        if not available or (runtime is not None and runtime not in available):
            raise InfrastructureError(
                f"the Docker engine has no runtime {runtime or ' or '.join(RUNTIMES)}"
            )
        self._runtime = runtime or available[-1]
        self._image = image_find(self._engine, image)
        self._home = worker_home(self._engine)
        self._profile = seccomp_profile()
        self._swept = float("-inf")
        self.name = f"docker+{self._runtime}"
        self.own_kernel = self._runtime == GVISOR

    @property
    def runtime_digest(self) -> str:
        """The image, by the digest of its configuration."""
        return self._image.digest

    @property
    def notes(self) -> tuple[str, ...]:
        """See `Sandbox.notes`."""
        info = self._engine.info
        return tuple(
            f"the Docker engine can't limit {what} on this machine"
            for key, what in (
                ("MemoryLimit", "memory"),
                ("SwapLimit", "swap"),
                ("PidsLimit", "the number of processes"),
                ("CpuCfsQuota", "processor cores"),
            )
            if not info.get(key, True)
        )

    def open(self, spec: SandboxSpec) -> Session:
        """See `Sandbox.open`.

        Who opens a session with a device holds the device's lock, and has no other session on it.
        """
        if spec.device is not None and self._runtime == GVISOR:
            raise InfrastructureError("runsc shows no GPU to a program: use docker+runc for them")
        self._sweep()
        if spec.device is not None:
            device_clear(self._engine, spec.device)
        token = f"springboard-{secrets.token_hex(8)}"
        programs = {f"programs/{package_name(spec.program)}": spec.program}
        folders = {f"folders/{name}": path for name, path in spec.folders.items()}
        owned = labels(spec.limits.wall_seconds, self._home)
        with (
            engine_asked("start a sandbox"),
            volume_filled(self._engine, self._image, token, programs | folders, owned) as mount,
        ):
            return self._start(spec, token, mount, owned)

    def _start(
        self, spec: SandboxSpec, volume: str, mount: Mount, owned: dict[str, str]
    ) -> Session:
        container = self._create(spec, mount, owned)
        with contextlib.ExitStack() as undone:
            undone.callback(self._forget, container)
            process = ContainerProcess(self._engine, container)
            undone.callback(process.free)
            process.start()
            undone.pop_all()
        memory = ContainerMemory(self._engine, container)

        def ended() -> bool:
            if process.returncode is not None:
                memory.finish()
            return memory.out_of_memory()

        return PipeSession(
            process=process,
            spec=spec,
            paths={name: f"{FOLDERS}/{name}" for name in spec.folders},
            kill=process.kill,
            out_of_memory=ended,
            peak_memory_mb=memory.peak_memory_mb,
            cleanup=lambda: self._cleanup(process, memory, container, volume),
        )

    def _create(self, spec: SandboxSpec, mount: Mount, owned: dict[str, str]) -> str:
        first = FIRST_MAPPED_UID if self._engine.maps_users else FIRST_UID
        for number in range(SLOTS):
            placement = Placement(SLOT_NAME.format(number), first + number, self._runtime, owned)
            try:
                return container_create(
                    self._engine.api,
                    image=self._image,
                    spec=spec,
                    placement=placement,
                    mount=mount,
                    profile=self._profile,
                )
            except APIError as error:
                if error.status_code != CONFLICT:
                    raise
        raise InfrastructureError(f"all {SLOTS} sandbox slots of the Docker engine are taken")

    def _forget(self, container: str) -> None:
        with contextlib.suppress(*ENGINE_ERRORS):
            container_remove(self._engine, container)

    def _sweep(self) -> None:
        if time.monotonic() > self._swept + SWEEP_SECONDS:
            leftovers_remove(self._engine)
            self._swept = time.monotonic()

    def _cleanup(
        self, process: ContainerProcess, memory: ContainerMemory, container: str, volume: str
    ) -> None:
        memory.finish()
        process.free()
        lost = process.lost
        try:
            container_remove(self._engine, container)
            volume_remove(self._engine, volume)
        except ENGINE_ERRORS as error:
            lost = lost or reason(error)
        if lost:
            raise InfrastructureError(f"the Docker engine was lost during a session: {lost}")
