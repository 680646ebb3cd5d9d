"""Property tests are not timed: what a busy machine does to one example says nothing about the rule."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
