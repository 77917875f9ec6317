"""What was probed on each link: values, what they have in common, and how they are kept."""
