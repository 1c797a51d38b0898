"""The portal's frame around every page: its HTML judged, and what of it templates and the site are given."""
