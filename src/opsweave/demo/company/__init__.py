"""The company: real processes, a real git repository, real data, and a platform that acts on them."""
