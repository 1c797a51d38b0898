"""Charts as SVG of our own making: real text, no script, no style but classes."""
