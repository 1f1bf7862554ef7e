"""botcore."""
