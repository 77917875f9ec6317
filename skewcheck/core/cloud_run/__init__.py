"""Reads what Cloud Run's Admin API v2 says, as JSON, into the values of control_plane."""
