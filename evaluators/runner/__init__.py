"""What runs inside the sandbox: the standard library and numpy, until the model needs more."""
