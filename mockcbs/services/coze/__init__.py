"""Coze (扣子): bot analytics, and the OpenAPI for bots, chats and workflows."""
