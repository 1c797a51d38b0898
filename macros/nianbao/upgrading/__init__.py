"""Portals of earlier versions: their files and records written in the way of today, where that loses nothing."""
