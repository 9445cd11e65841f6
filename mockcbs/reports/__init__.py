"""Reports: the reporting node of a workflow, which writes into a table, and daily reports."""
