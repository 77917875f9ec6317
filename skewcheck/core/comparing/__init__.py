"""Comparing two environments: what each promises and runs, and what lies between."""
