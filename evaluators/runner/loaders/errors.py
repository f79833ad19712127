"""What a loader raises."""


class LoadError(Exception):
    """A submission can't be loaded.

    Attributes:
        step: "import", "class", "load" or "file": which message the participant gets.
        reason: what was raised.
        note: more to say, such as versions.
    """

    def __init__(self, step: str, reason: Exception, note: str = "") -> None:
        super().__init__(str(reason))
        self.step = step
        self.reason = reason
        self.note = note
