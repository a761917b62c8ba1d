"""Floor 2: pure algorithms. Arrays in, numbers and reasons out; no I/O, no clock, no global."""
