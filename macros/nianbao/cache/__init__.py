"""What earlier builds have worked out, found again where nothing that it depends on has changed."""
