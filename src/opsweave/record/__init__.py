"""Floor 2: what happened. Ledger (raw payloads), telemetry (columns), state (facts), artifacts."""
