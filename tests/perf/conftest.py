from hypothesis import settings

# What is checked is the answer, never how long a busy machine takes to give it.
settings.register_profile("exact", deadline=None)
settings.load_profile("exact")
