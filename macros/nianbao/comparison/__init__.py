"""The figures of all years side by side, joined only where they count the same."""
