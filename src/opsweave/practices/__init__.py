"""Floor 4: the seven practices, one room each, all of one shape."""
