"""Mutation testing: change one thing in the code, see whether a test fails (docs/mutation.md)."""
