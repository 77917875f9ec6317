"""Messages for Slack. Whatever comes from outside stands in rich text, which has no syntax."""
