"""The student's side of Springboard: judge your own model before you submit it."""
