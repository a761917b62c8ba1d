"""One fault a file; a module here is a fault that exists."""
