"""Which probes to make: what there is to probe on a link, and which experiment comes next."""
