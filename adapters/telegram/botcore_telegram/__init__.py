"""Telegram for botcore."""
