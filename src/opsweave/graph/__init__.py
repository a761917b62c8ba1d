"""Floor 3: entities and relations with validity in time, and the World of one tick."""
