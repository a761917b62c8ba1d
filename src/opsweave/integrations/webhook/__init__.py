"""JSON webhooks of any tool."""
