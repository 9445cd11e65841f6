"""The index of the turns of a bot: counts, sums and distinct users of any range, each at the same cost."""
