"""Smart sheets of Tencent Docs (腾讯文档) and of WeCom (企业微信): docs/tables.md says what is assumed."""
