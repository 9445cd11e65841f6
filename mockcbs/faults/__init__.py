"""Faults on purpose: which call fails in which way, and how the fault is carried out."""
