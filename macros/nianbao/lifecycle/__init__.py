"""The life of a report: a new year from the last, what was published kept, what changes afterwards told."""
