"""The search server's settings: where it is, who we are to it, and whose certificates we trust.

Invariant: settings that contradict each other end the process in one line that names one of them.
Without an address there is no search server, and the embedded engine answers alone.
"""

import re
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ

from portal.settings.environment import refuse

_URL, _KEY, _CA = "ELASTICSEARCH_URL", "ELASTICSEARCH_API_KEY", "ELASTICSEARCH_CA_CERTS"
_PREFIX = "ELASTICSEARCH_INDEX_PREFIX"


def _no_address() -> NoReturn:
    refuse(_URL, "is no address; write https://user:password@host:9200")


def _address(url: str) -> tuple[str, bool]:
    """The scheme, and whether the address carries a user."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        _no_address()
    if parts.scheme not in ("http", "https") or not parts.hostname:
        _no_address()
    if port is None:
        refuse(_URL, "names no port; write it even if it is the usual one (:9200)")
    if parts.query or parts.fragment:
        refuse(_URL, "has parameters; it takes an address alone")
    return parts.scheme, bool(parts.username or parts.password)


def elasticsearch_from(env: environ.Env) -> dict[str, Any]:
    """Return what `search` needs to reach Elasticsearch; `url` is empty where there is none."""
    url = env.str("ELASTICSEARCH_URL", default="").strip()
    key = env.str("ELASTICSEARCH_API_KEY", default="").strip()
    ca_certs = env.str("ELASTICSEARCH_CA_CERTS", default="").strip()
    prefix = env.str("ELASTICSEARCH_INDEX_PREFIX", default="").strip() or "portal"
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", prefix):
        refuse(_PREFIX, "takes a small letter first, then small letters, digits, - and _ (40)")
    if url:
        scheme, has_user = _address(url)
        if key and has_user:
            refuse(_KEY, f"is set beside a user in {_URL}; keep one of the two")
        if ca_certs and scheme != "https":
            refuse(_CA, f"is of use with https alone, and {_URL} begins with {scheme}")
        if ca_certs and not Path(ca_certs).is_file():
            refuse(_CA, "names no file that can be read")
    else:
        for variable, value in ((_KEY, key), (_CA, ca_certs)):
            if value:
                refuse(variable, f"is set without {_URL}")
    return {"url": url, "api_key": key, "ca_certs": ca_certs, "prefix": prefix}
