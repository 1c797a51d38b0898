"""The ways to the reports: the front page of the column, and the head of each report."""
