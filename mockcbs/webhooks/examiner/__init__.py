"""An exam for a user's receiver: right deliveries, then every trouble that a real sender can cause."""
