from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """A GPU, or one MIG slice of a GPU: what one slot owns and one job sees.

    Attributes:
        uuid: as the driver names it: `GPU-...` or `MIG-...`.
        name: of the model, for people.
        memory_mb: its memory, in MB.
        nodes: device files that a program needs to use it and nothing else.
    """

    uuid: str
    name: str
    memory_mb: int
    nodes: tuple[str, ...]
