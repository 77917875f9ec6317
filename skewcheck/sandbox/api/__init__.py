"""The control plane: Google's REST APIs over the state of the sandbox, one file per API."""
