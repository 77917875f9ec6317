"""What was live when: snapshots of surveys, stretches of time, and what they add up to."""
