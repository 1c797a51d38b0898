"""The words of a report as its readers see them, each character with the place where it was typed."""
