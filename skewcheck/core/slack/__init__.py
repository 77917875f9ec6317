"""Slack as values: what is asked there, what is proposed, who may decide it."""
