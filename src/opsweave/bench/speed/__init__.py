"""How fast the streaming parts are, on this machine, with their state kept."""
