"""The console in a real browser: how long until a page is complete, and how smooth it stays."""
