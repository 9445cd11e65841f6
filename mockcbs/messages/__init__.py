"""Messages to groups, custom bots and mailboxes."""
