"""GETs over the real network with `requests`, within limits of time and size that it lacks."""

from skewcheck.adapters.http_reader.reader import RequestsReader

__all__ = ["RequestsReader"]
