"""Reading data files: bytes to nodes that know their place, nodes to exact values."""
