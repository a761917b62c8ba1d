"""SRE, first form: service level objectives, error budgets and burn alerts."""
