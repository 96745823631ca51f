"""The portal: upload a logo or a certificate, type a domain, and understand the answer.

`create_app` makes a WSGI application; `bimikit portal` serves it. Nothing that is handed in outlives its request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["create_app"]


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the portal.

    Args:
        config: Settings by name in capitals, such as ``{"WORKERS": 4}``; see `settings.Settings`. What isn't in it is
            taken from the environment (``BIMIKIT_PORTAL_WORKERS=4``), then from the configuration that ``CONFIG`` names
            (``{"CONFIG": "bimikit.toml"}``, ``BIMIKIT_PORTAL_CONFIG=bimikit.toml``), or is as usual.

    Raises:
        ValueError: A setting makes no sense.
        bimikit.config.ConfigError: The configuration can't be followed.
    """
    from .assembly import assemble  # the processes that judge have no need of Flask

    return assemble(config)
