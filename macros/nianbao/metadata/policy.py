"""What browsers may carry out and load on our pages, as Content-Security-Policy (W3C, level 3) says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.model.frame import Frame

# Everything lies beside the page and nothing in it: no script and no style within, nothing of other sites. Pictures
# of the theme's styles are written in the style sheet. As in deploy/nginx, but for `frame-ancestors`, which counts in
# headers alone.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'"
)
# For a server alone: which pages may show ours within them.
_ANCESTORS = "frame-ancestors 'self'"

# nginx, for the http level; a PDF is opened by a reader of the browser's own, which needs no policy.
_NGINX = """\
# 年报网站的内容安全策略，由 nianbao headers --nginx 写出，不要手改。放进 /etc/nginx/conf.d/。
# 网站载入其他网站的程序的，换成用自己的项目写出的这个文件；页面里的策略与它相同。
map $sent_http_content_type $nianbao_content_security_policy {{
    default             "{policy}";
    "~^application/pdf" "";
}}
"""


def page_policy(frame: Frame | None) -> str:
    """Return the policy of every page: `POLICY` with exactly what *frame* lets pages load of other sites."""
    added: dict[str, list[str]] = {}
    for directive, source in frame.allowed() if frame is not None else ():
        sources = added.setdefault(directive, [])
        if source not in sources:
            sources.append(source)
    parts = []
    for part in POLICY.split("; "):
        directive = part.partition(" ")[0]
        parts.append(" ".join([part, *added.pop(directive, [])]))
    return "; ".join([*parts, *(" ".join([directive, *sources]) for directive, sources in added.items())])


def server_policy(frame: Frame | None) -> str:
    """Return the policy that a server sends with every file."""
    return f"{page_policy(frame)}; {_ANCESTORS}"


def nginx_policy(frame: Frame | None) -> str:
    """Return the file of nginx that sets the policy, ``deploy/nginx/policy.conf``."""
    return _NGINX.format(policy=server_policy(frame))
