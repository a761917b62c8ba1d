"""Floor 4: one folder per outside tool; a folder with a ``manifest.toml`` is found, not listed."""
