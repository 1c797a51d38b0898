"""The command nianbao."""
