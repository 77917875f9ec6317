"""What the audit trail holds: its records, written the same way by everybody, and read back."""
