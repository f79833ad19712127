"""A program that uses its accelerator for a moment, and tells what is wrong with it."""
