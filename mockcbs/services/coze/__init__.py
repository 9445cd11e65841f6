"""Coze (扣子): bot analytics and the OpenAPI that bots, chats and workflows are used through."""
