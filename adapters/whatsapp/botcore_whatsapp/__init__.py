"""WhatsApp for botcore."""
