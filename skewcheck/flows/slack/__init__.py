"""What people ask for and press in Slack, carried out; and what they are told without asking."""
