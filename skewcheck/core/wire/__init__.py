"""What a probe says on the wire, and what came back: scripts, requests, transcripts. Pure."""
