"""Cloudflare Workers AI as a provider."""
