"""Demonstration data of PERF: services, and what happened to them, told through the services."""
