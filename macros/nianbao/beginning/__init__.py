"""What begins: a new portal, a new year from the form and the year before, and what its pages ask for."""
