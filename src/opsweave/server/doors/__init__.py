"""Where bytes come in: authenticate, bound, keep on disk, answer. One file per door."""
