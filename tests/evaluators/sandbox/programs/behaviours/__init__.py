"""What a program in a sandbox may do, one function a behaviour."""
