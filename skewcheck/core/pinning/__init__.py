"""Pinning: promising other builds in a manifest that people wrote, and nothing but that."""
