"""Webhooks: events pushed to subscribers, a receiver that stores them, an examiner of receivers."""
