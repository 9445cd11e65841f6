"""Tables that clients fill and read: the store under Feishu's Bases, Airtable and Tencent Docs."""
