"""What machines read of the portal: facts for the templates, tags, feeds."""
