"""What the platform logged about our probes: how it is asked for, and read."""
