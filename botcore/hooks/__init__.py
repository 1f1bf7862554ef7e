"""Hook specifications, descriptors and results; the async runner of event hooks."""
