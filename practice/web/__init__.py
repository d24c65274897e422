"""What people and programs touch: a blueprint an audience."""
