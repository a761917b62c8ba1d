"""Profiles of hypothesis: ``dev`` by default, ``ci`` says how to repeat, ``deep`` for a night."""

import os

from hypothesis import HealthCheck, settings

# No deadline: the machines that test are shared, and pytest-timeout ends what hangs.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, print_blob=True, max_examples=60)
settings.register_profile(
    "deep", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
