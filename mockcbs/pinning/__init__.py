"""From a published answer to a dataset whose traffic gives that answer."""
