"""The console under load: a made-up company in a data folder, and every page timed over it."""
