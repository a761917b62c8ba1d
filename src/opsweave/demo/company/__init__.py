"""The company: real processes, a real git repository, and a platform that acts on them."""
