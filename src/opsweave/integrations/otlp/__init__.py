"""OpenTelemetry protocol (OTLP/HTTP)."""
