"""Settings that every test shares: hypothesis without deadlines, because cold machines are slow."""

import signal

from hypothesis import HealthCheck, settings

# A run that was started in the background ignores interrupts, and so would every program under
# test that it starts: those must get theirs.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
