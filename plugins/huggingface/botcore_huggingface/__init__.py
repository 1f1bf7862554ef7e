"""Hugging Face as a provider."""
