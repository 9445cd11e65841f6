"""Tables that clients fill and read: the store behind Feishu, Airtable and Tencent Docs."""
