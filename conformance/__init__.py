"""What every engine and every platform adapter must survive: kills, crowds, faults.

Real processes against the local Google Cloud. `make conformance` runs it and prints its counts;
`make test` runs a sample of it.
"""
