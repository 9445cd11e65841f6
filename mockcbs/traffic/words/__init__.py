"""What users say: the subjects of a knowledge base, and how people word them."""
