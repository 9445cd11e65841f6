"""Broken on purpose: which call fails how, and the ways to carry that out."""
