"""What is read: one module a feature."""
