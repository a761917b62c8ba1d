"""Contract suites and fakes, shipped so that users' own parts can be held to them."""
