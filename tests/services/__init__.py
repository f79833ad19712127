"""Real databases and brokers for tests: each on a port of its own, gone when the tests are."""
