"""Results as files: JSON for the record, Markdown and SVG for people."""
