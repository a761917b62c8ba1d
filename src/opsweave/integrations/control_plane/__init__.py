"""Acts through a platform's HTTP API: roll back, switch a flag, restart, open a breaker ..."""
