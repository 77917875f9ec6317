"""Who looks at the service: the port Logins, on what Google signs."""

from skewcheck.adapters.logins.signed import SignedLogins

__all__ = ["SignedLogins"]
