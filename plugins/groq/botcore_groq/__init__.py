"""Groq as a provider."""
