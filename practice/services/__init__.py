"""What happens, in one transaction: one module a feature."""
