"""Floor 5: app, auth, doors, API; wiring.py joins integrations and practices to the ports."""
