"""A local stand-in for the parts of Google Cloud that skewcheck uses, for demo and tests.

Rules of this package: it imports nothing of the rest of skewcheck, it listens on loopback only,
and it leaves nothing behind: what it started dies with it, also when it is killed.
"""
