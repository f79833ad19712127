"""Which names every system can hold, Windows included."""

import re

_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE
)
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def name_objection(part: str) -> str | None:
    """Says why one part of a path can't be used on some system; None if it can."""
    if _FORBIDDEN.search(part):
        return 'it has one of < > : " | ? *'
    if part.endswith((".", " ")):
        return "a part of it ends in a dot or a blank"
    if _RESERVED.fullmatch(part):
        return "it is the name of a device on Windows"
    return None
