"""Work for a worker to do in tests: slow enough to be killed in the middle."""
