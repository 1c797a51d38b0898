"""What browsers may carry out and load on our pages, as Content-Security-Policy (W3C, level 3) says it."""

from __future__ import annotations

# Everything lies beside the page and nothing in it: no script and no style within, nothing of other sites. Pictures
# of the theme's styles are written in the style sheet. As in deploy/nginx, but for `frame-ancestors`, which counts in
# headers alone.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'"
)
