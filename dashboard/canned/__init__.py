"""Canned responses: answers that a desk gives often, each under a short code."""
