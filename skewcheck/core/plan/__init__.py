"""The planner: in which order services may move, what to wait for, or why no order exists."""
