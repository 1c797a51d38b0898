"""Files of offices, each kind by a module of its own, as blocks of an original."""
