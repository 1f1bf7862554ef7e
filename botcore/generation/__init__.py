"""From a problem to a source: the chain of providers."""

from botcore.generation.budget import Budgets
from botcore.generation.chain import Generated, ProviderChain, Providers
from botcore.generation.gate import Gate, Standing
from botcore.generation.health import CircuitState, ProviderHealth, health_of

__all__ = [
    "Budgets",
    "CircuitState",
    "Gate",
    "Generated",
    "ProviderChain",
    "ProviderHealth",
    "Providers",
    "Standing",
    "health_of",
]
