"""For the tests of plugin authors.

:mod:`botcore.testing.contracts`
    what every provider, validator, renderer, store and adapter has to keep, as test classes to subclass.
:mod:`botcore.testing.doubles`
    small real implementations of each port, for tests that need one as a neighbour.
:mod:`botcore.testing.samples`
    texts that people and attackers send, and makers of messages, sources and requests.
:mod:`botcore.testing.catalogues`
    what is missing or wrong in the translations of a package, and how its catalogues are brought up to date.
:mod:`botcore.testing.model_server`
    a server that speaks as the services of language models do, and fails as they fail.
:mod:`botcore.testing.pytest_plugin`
    fixtures; found by pytest itself, and lazy: a test run that does not use them pays nothing.

Nothing in the core imports this package.
"""
