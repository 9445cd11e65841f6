"""Finds the packages; everything else stands in setup.cfg."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["mockcbs", "mockcbs.*"]),
        "mockcbs.book",
        "mockcbs.contract_tests",
        "mockcbs.fixtures",
    ]
)
