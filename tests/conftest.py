"""For every test: no time limit on single examples, for the machines are shared and noisy."""

from hypothesis import settings

settings.register_profile("vivavoce", deadline=None)
settings.load_profile("vivavoce")
