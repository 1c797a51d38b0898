"""What the prose states of the data: words, clauses, the figures in them and what each of them counts."""
