"""What is true, whatever stores or shows it: standard library only."""
