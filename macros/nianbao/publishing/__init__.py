"""The site as a set of files: what no page makes, what is checked at the end, how it takes the old one's place."""
