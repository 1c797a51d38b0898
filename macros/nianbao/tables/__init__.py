"""Statutory tables: one layout for pages and downloads."""
