"""Carries a rollout out: each step does one thing, and says what it did."""
