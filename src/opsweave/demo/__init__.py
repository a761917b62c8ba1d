"""Floor 6: a small company to watch. Real processes, real faults."""
