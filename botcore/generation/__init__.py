"""From a problem to a source: the chain of providers."""

from botcore.generation.chain import Generated, ProviderChain, Providers

__all__ = ["Generated", "ProviderChain", "Providers"]
