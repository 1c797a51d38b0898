"""Work on many things at once: by processes of this machine, or by the workers of a cluster."""
