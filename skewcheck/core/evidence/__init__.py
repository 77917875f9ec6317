"""What test reports prove about a build, and what they leave open. Pure."""
