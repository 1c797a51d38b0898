"""The picture of a year on one page, from its data alone: in the page as HTML, and as a file of SVG."""
