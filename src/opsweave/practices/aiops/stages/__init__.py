"""The stages of the loop, one a file."""
