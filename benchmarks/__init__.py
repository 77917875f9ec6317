"""How fast skewcheck is beside tools that its users know; run by `make bench`."""
