"""Reads what services expose of themselves: version documents in every convention, and pages."""
