"""DeepSeek as a provider."""
