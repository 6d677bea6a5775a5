"""Demonstration data: fictional people, organisations and places, for a local site only."""
