"""The stand-ins for NVIDIA's driver, for workers that judge on GPUs."""

from tests.evaluators.devices.conftest import libraries as libraries
from tests.evaluators.devices.conftest import locks as locks
from tests.evaluators.devices.conftest import nvidia as nvidia
