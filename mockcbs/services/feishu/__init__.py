"""Feishu (飞书): Bases, messages and custom bots, as the reporting node of a workflow uses them."""
