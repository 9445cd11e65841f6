"""Datasets: YAML files that say who exists and what was said."""
