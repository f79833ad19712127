"""Accelerators of this machine: which there are, who holds which, and whether they are well."""

from evaluators.devices.device import Device

__all__ = ["Device"]
