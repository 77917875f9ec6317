"""The network in front of the processes: the router of Cloud Run, and caching edges."""
