"""What a stamp writes: the commit and the protocols of a build, as the witnesses read them."""
