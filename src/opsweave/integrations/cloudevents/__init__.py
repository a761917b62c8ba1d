"""CloudEvents and CDEvents."""
