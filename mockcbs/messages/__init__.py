"""What was sent to groups, custom bots and mailboxes."""
