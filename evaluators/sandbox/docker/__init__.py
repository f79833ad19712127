"""The backend for production: containers of a Docker engine, under runc or under gVisor's runsc."""

from evaluators.sandbox.docker.backend import Docker

__all__ = ["Docker"]
