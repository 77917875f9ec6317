"""From what was found in a project to the draft of a manifest: what is known, guessed, unknown."""
