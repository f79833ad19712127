"""What went wrong in one line: all that lists have room for."""

LENGTH = 200


def error_gist(error: str) -> str:
    """Returns the line of an error that says most: of a traceback the last, else the first."""
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    if not lines:
        return ""
    is_traceback = any(line.startswith("Traceback (most recent call last)") for line in lines)
    line = (lines[-1] if is_traceback else lines[0]).replace("\x00", "�")
    return line if len(line) <= LENGTH else f"{line[: LENGTH - 1]}…"
