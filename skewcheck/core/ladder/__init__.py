"""How far up one handshake came, rung by rung, and how a browser and the standard read it."""
