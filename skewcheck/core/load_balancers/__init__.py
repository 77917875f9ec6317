"""Reads what Compute Engine's API says of load balancers into the values of load_balancing."""
