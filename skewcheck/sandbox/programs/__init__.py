"""What the sandbox's containers run: a frontend and a backend, each a small real server."""
