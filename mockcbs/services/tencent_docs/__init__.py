"""Smart sheets of Tencent Docs (腾讯文档) and WeCom (企业微信); docs/tables.md lists the assumptions."""
