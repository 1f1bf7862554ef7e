"""Google Gemini as a provider."""
