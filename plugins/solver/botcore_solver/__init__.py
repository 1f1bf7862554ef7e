"""botcore plugin."""
