"""Cloud Run: services, revisions, traffic and operations as values and rules, without sockets."""
