"""An exam for a user's analytics client: many mocks, one client, and relations between what it prints.

Nothing here needs to know the right figures of a client: two of its runs are compared with each other.
"""
