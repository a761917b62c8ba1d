"""AIOps, the heart: detect -> correlate -> explain -> recover -> learn, once per tick."""
