"""Where the virus scanner listens, from the environment; without it no file is scanned."""

from urllib.parse import urlsplit

from portal.settings.environment import Environment, refuse

_HOW = "write unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310"


def scanner_from(env: Environment) -> str:
    """Return CLAMD_URL, checked; empty when it is not set."""
    url: str = env.str("CLAMD_URL", default="").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        kinds = {
            "unix": bool(parts.path.strip("/")) and not parts.netloc,
            "tcp": bool(parts.hostname and parts.port) and not parts.path.strip("/"),
        }
        known = kinds.get(parts.scheme, False)
    except ValueError:
        known = False
    if not known:
        refuse("CLAMD_URL", f"is no address of a scanner; {_HOW}")
    return url
