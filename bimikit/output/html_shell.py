"""What stands around every page of ours: nothing may run in it or load, even if some text slipped through unescaped."""

from __future__ import annotations

import html
from base64 import b64encode
from hashlib import sha256


def shell(title: str, content: str, *, lang: str, style: str, of_body: str = "", images: bool = False) -> str:
    """A whole page.

    Args:
        title: What the browser calls it, as HTML.
        content: What is in its body, as HTML.
        lang: Its language.
        style: Its style sheet; no other applies.
        of_body: The body's class; none by default.
        images: Whether it has pictures, as ``data:`` addresses.
    """
    digest = b64encode(sha256(style.encode()).digest()).decode()
    pictures = " img-src data:;" if images else ""
    policy = f"default-src 'none';{pictures} style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = f'<body class="{of_body}">' if of_body else "<body>"
    return f"""<!DOCTYPE html>
<html lang="{html.escape(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="bimikit">
<title>{title}</title>
<style>{style}</style>
</head>
{body}
{content}
</body>
</html>
"""
