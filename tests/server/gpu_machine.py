"""`manage.py` on a machine with GPUs, of which a test says where their stand-ins are."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from evaluators.devices import nvml

DEV_VARIABLE = "FAKE_DEV"
CAPABILITIES_VARIABLE = "FAKE_CAPABILITIES"

if __name__ == "__main__":
    nvml.DEVICE_FILES = Path(os.environ[DEV_VARIABLE])
    nvml.CAPABILITIES = Path(os.environ[CAPABILITIES_VARIABLE])
    execute_from_command_line(sys.argv)
