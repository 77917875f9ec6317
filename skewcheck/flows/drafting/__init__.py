"""Finds out what a first manifest needs to say; nothing here decides what it says."""
