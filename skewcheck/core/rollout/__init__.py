"""A rollout: a plan carried out for one environment, step by step, with its way back."""
