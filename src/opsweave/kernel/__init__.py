"""Floor 1: ids, clock, errors, settings. No I/O."""
