"""The built site read back: links, HTML, figures and words against what was judged."""
