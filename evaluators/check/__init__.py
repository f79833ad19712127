"""Proves a task before anybody competes with it: `python -m evaluators check`."""
