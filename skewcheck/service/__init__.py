"""`skewcheck serve`: the status page, Slack, metrics and the gate, as one small web service."""
