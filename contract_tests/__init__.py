"""The contract tests, installed as ``mockcbs.contract_tests``."""
