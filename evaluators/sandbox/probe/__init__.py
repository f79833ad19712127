"""A program that tries what a sandbox must refuse, and reports what it could do."""
