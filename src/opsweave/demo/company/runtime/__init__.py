"""What the company's processes share: telemetry, HTTP, capacity, logs."""
