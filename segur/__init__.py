"""Project package: settings, addresses, tasks' clock, and the pure helpers of `segur.lib`."""

__version__ = "0.2.0"
