"""Feishu (飞书): Bases, messages and custom bots, as a workflow's reporting node meets them."""
