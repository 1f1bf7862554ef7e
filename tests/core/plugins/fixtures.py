"""The plugins of the tests, good and broken. Each is installed as a distribution of its own."""

from __future__ import annotations

from tests.core.plugins.distributions import FITS, Fixture

GOOD = Fixture(
    "good",
    """
    from contextlib import asynccontextmanager
    from botcore import GenerationResult, ProviderDescriptor, Source, hookimpl

    class Good:
        async def generate(self, request):
            return GenerationResult(Source(request.language, "draw", request.problem), model="good")

    @asynccontextmanager
    async def open_good(config, context):
        yield Good()

    @hookimpl
    def botcore_register_providers(registry):
        registry.add(ProviderDescriptor(name="good", languages=("flat",), factory=open_good))
    """,
)

CONFIGURED = Fixture(
    "with-config",
    """
    from contextlib import asynccontextmanager
    from pydantic import Field, SecretStr
    from botcore import Check, CheckResult, PluginConfig, StoreDescriptor, hookimpl

    class Config(PluginConfig):
        size: int = Field(default=3, ge=1, le=9)
        token: SecretStr = SecretStr("")

    class Shelf:
        def __init__(self, config, context):
            self.config, self.context = config, context

        async def put(self, key, path, media_type, *, expires, job): ...
        def open(self, key, start=0, end=None, etag=""): ...
        async def delete(self, key): ...
        async def presign_put(self, key, media_type, *, size, expires, job): ...

    @asynccontextmanager
    async def open_store(config, context):
        yield Shelf(config, context)

    def run(config, context):
        return [CheckResult(name="size", ok=True, seen=str(config.size))]

    def broken(config, context):
        raise SystemExit(4)

    @hookimpl
    def botcore_register_stores(registry):
        registry.add(StoreDescriptor(name="shelf", factory=open_store, config=Config))

    @hookimpl
    def botcore_register_checks(registry):
        registry.add(Check(name="size", run=run))
        registry.add(Check(name="broken", run=broken))
    """,
)

FAMILY = Fixture(
    "family",
    """
    from dataclasses import replace
    from botcore import PluginConfig, ProviderDescriptor, StoreDescriptor, hookimpl

    class Config(PluginConfig):
        accounts: dict[str, int] = {}
        wrong: bool = False

        def missing(self):
            return "" if self.accounts else "accounts__name"

    def family(config):
        if config.wrong:
            yield StoreDescriptor(name="shelf", factory=print)
        for name, priority in config.accounts.items():
            yield replace(ONE, name=name, priority=priority)

    ONE = ProviderDescriptor(name="one", factory=print, config=Config, family=family)

    @hookimpl
    def botcore_register_providers(registry):
        registry.add(ONE)
    """,
)

RECORDING = Fixture(
    "recording",
    """
    from dataclasses import replace
    from botcore import Reply, hookimpl

    seen = []

    @hookimpl
    async def botcore_message_received(message):
        seen.append(message.text)
        return Reply("recorded")

    @hookimpl
    async def botcore_source_ready(source):
        return replace(source, code=source.code + "!")
    """,
)

_REGISTERS = """\
from botcore import {imports}hookimpl, ProviderDescriptor

def thing(name):
    return ProviderDescriptor(name=name, languages=("flat",), factory=lambda config, context: None)

@hookimpl
def botcore_register_providers(registry):
"""


def registering(name: str, *body: str, imports: str = "") -> Fixture:
    """A plugin whose registration hook has this body; ``thing(name)`` makes a provider."""
    lines = "".join(f"    {line}\n" for line in body)
    return Fixture(name, _REGISTERS.format(imports=imports) + lines)


BROKEN: dict[str, tuple[Fixture, str]] = {
    fixture.name: (fixture, reason)
    for fixture, reason in [
        (
            Fixture("import-error", "import no_such_module_anywhere"),
            "it imports no_such_module_anywhere, which is not installed: install what fixture-import-error",
        ),
        (
            Fixture("points-nowhere", "", points_to="nowhere_at_all"),
            "its entry point names the module nowhere_at_all, and there is no module nowhere_at_all",
        ),
        (
            Fixture("points-oddly", "", points_to="not a module"),
            "its entry point names 'not a module', and has to name a module: points-oddly = “package.module”",
        ),
        (Fixture("syntax-error", "def broken(:"), "SyntaxError"),
        (Fixture("system-exit", "raise SystemExit(3)"), "SystemExit: 3"),
        (
            Fixture("our-error", "from botcore.errors import ConfigError\nraise ConfigError('your fault')"),
            "your fault",
        ),
        (Fixture("base-exception", "raise GeneratorExit('odd')"), "GeneratorExit: odd"),
        (Fixture("import-hangs", "import time\nwhile True:\n    time.sleep(0.01)"), "took longer than"),
        (
            Fixture(
                "import-clings",
                """
                import time
                while True:
                    try:
                        time.sleep(0.01)
                    except Exception:
                        pass
                """,
            ),
            "took longer than",
        ),
        (registering("hook-raises", "raise RuntimeError('no luck')"), "RuntimeError: no luck"),
        (registering("hook-exits", "raise SystemExit"), "SystemExit"),
        (
            registering("half-way", "registry.add(thing('half'))", "raise RuntimeError('after half')"),
            "RuntimeError: after half",
        ),
        (registering("hook-hangs", "import time", "while True: time.sleep(0.01)"), "took longer than"),
        (
            Fixture(
                "misspelt",
                "from botcore import hookimpl\n@hookimpl\ndef botcore_register_provider(registry): pass",
            ),
            "there is no hook botcore_register_provider; did you mean botcore_register_providers?",
        ),
        (
            Fixture("unmarked", "def botcore_register_stores(registry): pass"),
            "botcore_register_stores looks like a hook and is not marked with @hookimpl",
        ),
        (
            Fixture(
                "wrong-argument",
                "from botcore import hookimpl\n@hookimpl\ndef botcore_register_stores(shelf): pass",
            ),
            "botcore_register_stores has an argument “shelf”; its one argument is named “registry”",
        ),
        (
            Fixture(
                "no-argument",
                "from botcore import hookimpl\n@hookimpl\ndef botcore_register_stores(): pass",
            ),
            "botcore_register_stores has to take “registry”",
        ),
        (
            Fixture(
                "languages-text",
                """
                from botcore import ValidatorDescriptor, hookimpl

                @hookimpl
                def botcore_register_validators(registry):
                    registry.add(ValidatorDescriptor(name="letters", languages="manim", factory=print))
                """,
            ),
            "validator 'letters': its languages are a text; write ('manim',)",
        ),
        (
            Fixture(
                "not-async", "from botcore import hookimpl\n@hookimpl\ndef botcore_job_changed(job): pass"
            ),
            "botcore_job_changed has to be async def",
        ),
        (
            Fixture(
                "async-registration",
                "from botcore import hookimpl\n@hookimpl\nasync def botcore_register_stores(registry): pass",
            ),
            "botcore_register_stores has to be a plain def",
        ),
        (
            Fixture(
                "wrapper",
                "from botcore import hookimpl\n@hookimpl(wrapper=True)\n"
                "def botcore_register_stores(registry):\n    return (yield)",
            ),
            "botcore_register_stores is a wrapper",
        ),
        (registering("wrong-type", "registry.add('provider')"), "takes a ProviderDescriptor, and got a str"),
        (
            registering(
                "wrong-kind",
                "registry.add(StoreDescriptor(name='x', factory=print))",
                imports="StoreDescriptor, ",
            ),
            "takes a ProviderDescriptor, and got a StoreDescriptor",
        ),
        (registering("a-class", "registry.add(ProviderDescriptor)"), "got the class ProviderDescriptor"),
        (
            registering("bad-name", "registry.add(thing('Not A Name'))"),
            "provider name 'Not A Name' is not valid",
        ),
        (registering("taken-name", "registry.add(thing('good'))"), "already registered by plugin 'good'"),
        (
            registering("twice", "registry.add(thing('same'))", "registry.add(thing('same'))"),
            "registered twice",
        ),
        (registering("returns", "return [thing('lost')]"), "returns a value"),
        (
            Fixture(
                "reserved",
                """
                from botcore import EngineDescriptor, hookimpl
                @hookimpl
                def botcore_register_engines(registry):
                    registry.add(EngineDescriptor(name="embedded", factory=print))
                """,
            ),
            "engine name 'embedded' belongs to botcore itself",
        ),
        (
            Fixture(
                "cli-nonsense",
                """
                from botcore import hookimpl
                @hookimpl
                def botcore_register_cli(registry):
                    registry.add(42)
                """,
            ),
            "botcore_register_cli takes a typer.Typer or a function, and got a int",
        ),
        (
            Fixture(
                "two-configs",
                "from botcore import PluginConfig, StoreDescriptor, hookimpl\n"
                "class A(PluginConfig): pass\nclass B(PluginConfig): pass\n"
                "@hookimpl\ndef botcore_register_stores(registry):\n"
                "    registry.add(StoreDescriptor(name='a', factory=print, config=A))\n"
                "    registry.add(StoreDescriptor(name='b', factory=print, config=B))",
            ),
            "its descriptors name several config models (A, B)",
        ),
    ]
}
"""Fails to load, and a part of the reason."""

INCOMPATIBLE: dict[str, tuple[Fixture, str]] = {
    fixture.name: (fixture, reason)
    for fixture, reason in [
        (
            Fixture("too-new", "raise AssertionError('imported')", requires="botcore-framework>=99"),
            "needs botcore-framework>=99, and ",
        ),
        (
            Fixture("too-old", "raise AssertionError('imported')", requires="botcore_framework<0.0.1"),
            "needs botcore-framework<0.0.1, and ",
        ),
        (Fixture("undeclared", "raise AssertionError('imported')", requires=None), "declares no dependency"),
        (
            Fixture("unbounded", "raise AssertionError('imported')", requires="botcore-framework"),
            "names no version",
        ),
        (
            Fixture(
                "only-extra", "raise AssertionError('imported')", requires=f'{FITS} ; extra == "botcore"'
            ),
            "declares no dependency",
        ),
    ]
}
"""Not made for this version; never imported."""
