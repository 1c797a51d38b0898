"""What page authors call: macros, and what they show when something is wrong."""
