"""Where this user's settings lie."""

import os
import sys
from pathlib import Path

OVERRIDE = "SPRINGBOARD_CONFIG"


def config_folder() -> Path:
    """The folder for settings and tokens: the system's usual place, or SPRINGBOARD_CONFIG."""
    if override := os.environ.get(OVERRIDE):
        return Path(override).expanduser()
    return _usual() / "springboard"


def _usual() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    wanted = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    # The specification says to ignore a relative one.
    return wanted if wanted.is_absolute() else Path.home() / ".config"
