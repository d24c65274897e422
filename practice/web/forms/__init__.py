"""Forms: what people may send, checked and turned into values."""
