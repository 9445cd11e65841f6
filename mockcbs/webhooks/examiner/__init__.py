"""An exam for a user's receiver: correct deliveries, and every problem that a real sender can cause."""
