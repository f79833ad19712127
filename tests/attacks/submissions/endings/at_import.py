"""Ends before there is a class Model."""

import os

print("importing", flush=True)
os._exit(0)
