"""Datasets: YAML files with bots and their traffic."""
