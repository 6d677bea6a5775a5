"""Demonstration data of PERF: services, and what happened to them, by the services."""
