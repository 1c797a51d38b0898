"""Data files as text: laid out anew, changed in place with comments kept, written whole or not at all."""
