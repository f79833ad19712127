"""The demonstration: a course with its competitions, judged baselines, and a board to look at."""
