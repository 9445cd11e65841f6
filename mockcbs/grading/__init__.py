"""The findings of an exam and its report."""
