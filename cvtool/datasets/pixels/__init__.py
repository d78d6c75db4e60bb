"""Image files to pixels: decoded once, by all processors, and kept."""
