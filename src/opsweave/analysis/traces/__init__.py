"""Pure algorithms over traces."""
