"""File, secrets and environment become settings; each mistake is one line that a person can act on."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, SecretStr

from botcore.config import PluginSection, Settings, load_settings, plugin_config
from botcore.config.sources import read_sources
from botcore.errors import ConfigError
from botcore.model import Aspect, Quality


class Toml:
    """Writes a file and reads it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "botcore.toml"

    def read(self, text: str = "", **environ: str) -> Settings:
        self.path.write_text(dedent(text), encoding="utf-8")
        return load_settings(self.path, environ=environ)

    def mistakes(self, text: str = "", **environ: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            self.read(text, **environ)
        assert str(caught.value) == "\n".join(caught.value.problems)
        return [problem.replace(str(self.path), "FILE") for problem in caught.value.problems]


@pytest.fixture
def toml(tmp_path: Path) -> Toml:
    return Toml(tmp_path)


# ---------------------------------------------------------------------------------------------------- sources


def test_an_empty_file_gives_the_defaults(toml: Toml) -> None:
    assert toml.read() == Settings()


def test_the_file_sets_what_it_names(toml: Toml) -> None:
    settings = toml.read(
        """
        data_dir = "/srv/botcore"
        providers = ["solver", "gemini"]
        [web]
        port = 9000
        public_url = "https://bot.example.org/"
        [render]
        quality = "high"
        aspect = "9:16"
        """
    )
    assert settings.data_dir == Path("/srv/botcore")
    assert settings.providers == ("solver", "gemini")
    assert (settings.web.port, settings.web.public_url) == (9000, "https://bot.example.org")
    assert (settings.render.quality, settings.render.aspect) == (Quality.HIGH, Aspect.TALL)


def test_the_environment_wins_over_secrets_and_these_over_the_file(toml: Toml, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "web__port").write_text("2\n")
    (secrets / "BOTCORE_WEB__HOST").write_text("secret.example")
    (secrets / "..data").write_text("kubernetes keeps its own files here")
    text = "[web]\nport = 1\nhost = 'file.example'\n"
    assert toml.read(text).web.port == 1
    assert toml.read(text, BOTCORE_SECRETS_DIR=str(secrets)).web.port == 2
    settings = toml.read(text, BOTCORE_SECRETS_DIR=str(secrets), BOTCORE_WEB__PORT="3")
    assert (settings.web.port, settings.web.host) == (3, "secret.example")


def test_a_list_in_the_environment_is_separated_by_commas(toml: Toml) -> None:
    assert toml.read(BOTCORE_PROVIDERS="solver, another").providers == ("solver", "another")
    assert toml.read(BOTCORE_PROVIDERS="").providers == ()


def test_files_that_were_written_on_windows_are_read(toml: Toml, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    url = "postgres://botcore:hush@db.example.org/botcore"
    (secrets / "database__url").write_bytes(b"\xef\xbb\xbf" + url.encode() + b"\r\n")
    toml.path.write_bytes(b"\xef\xbb\xbf[web]\r\nport = 9001\r\n")
    settings = load_settings(toml.path, environ={"BOTCORE_SECRETS_DIR": str(secrets)})
    assert settings.web.port == 9001
    assert settings.database.url.get_secret_value() == url


def test_the_file_is_named_by_argument_or_environment_or_is_the_default_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(environ={}).web.port == 8080
    (tmp_path / "config").mkdir()
    for number, name in enumerate(
        ["config/botcore.toml", "by_environment.toml", "by_argument.toml"], start=1
    ):
        (tmp_path / name).write_text(f"[web]\nport = {number}\n")
    environ = {"BOTCORE_CONFIG": "by_environment.toml"}
    assert load_settings(environ={}).web.port == 1
    assert load_settings(environ=environ).web.port == 2
    assert load_settings(Path("by_argument.toml"), environ=environ).web.port == 3


def test_a_tilde_is_the_home_folder(toml: Toml) -> None:
    assert toml.read("data_dir = '~/botcore'").data_dir == Path.home() / "botcore"


def test_zero_workers_means_one_for_each_core(toml: Toml) -> None:
    assert toml.read().workers == len(os.sched_getaffinity(0))
    assert toml.read("[pipeline]\nworkers = 3").workers == 3


# --------------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[web]\nprot = 1",
            "FILE: web.prot: unknown key; did you mean “port”? Allowed: host, port, public_url, cors_origins",
        ),
        ("zzz = 1", "FILE: zzz: unknown key. Allowed: data_dir, renderer, store,"),
        ("[web]\nport = 70000", "FILE: web.port = 70000: must be a whole number, at least 0, at most 65535"),
        ("[web]\nport = 'x'", "FILE: web.port = 'x': must be a whole number"),
        ("[web]\nport = 8080.5", "FILE: web.port = 8080.5: must be a whole number"),
        ("[pipeline]\ntimeout = 0", "FILE: pipeline.timeout = 0: must be a number, more than 0"),
        ("[pipeline]\ntimeout = inf", "FILE: pipeline.timeout = inf: must be a number"),
        ("[render]\nquality = '4k'", "FILE: render.quality = '4k': must be one of low, medium, high"),
        ("[log]\nlevel = 'loud'", "must be one of debug, info, warning, error, critical"),
        ("web = 3", "FILE: web = 3: must be a table"),
        ("[data_dir]\nx = 1", "FILE: data_dir"),
        ("providers = 'solver'", "FILE: providers = 'solver': must be a list of text"),
        ("[web]\ncors_origins = 'x'", "FILE: web.cors_origins = 'x': must be a list of text"),
        ("[access]\nban = 'x'", "FILE: access.ban = 'x': must be a list of text"),
        ("providers = [1]", "FILE: providers.0 = 1: must be a list of text"),
        ("[web]\npublic_url = 'bot.example.org'", "must be empty or a URL such as https://bot.example.org"),
        ("[plugins]\nmanim = true", "FILE: plugins.manim = True: "),
        ("[plugins.manim]\nenabled = 'perhaps'", "“enabled” must be true or false"),
        ("[limits]\ntext_min = 9\ntext_max = 8", "text_min must not be larger than text_max"),
        ("[web\nport = 1", "FILE: is not valid TOML: "),
        ("a = 1\na = 2", "FILE: is not valid TOML: "),
    ],
)
def test_a_mistake_in_the_file_names_file_key_and_what_is_allowed(toml: Toml, text: str, line: str) -> None:
    (problem,) = toml.mistakes(text)
    assert line in problem
    assert problem.startswith("FILE: ")
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("BOTCORE_WEB__PORT", "x", "BOTCORE_WEB__PORT: web.port = 'x': must be a whole number"),
        ("BOTCORE_WEB__PROT", "1", "BOTCORE_WEB__PROT: web.prot: unknown key; did you mean “port”?"),
        ("BOTCORE_WBE__PORT", "1", "BOTCORE_WBE__PORT: wbe: unknown key; did you mean “web”?"),
        ("BOTCORE_WEB", "1", "BOTCORE_WEB: web = '1': must be a table"),
        ("BOTCORE_", "1", "BOTCORE_: : unknown key"),
        ("BOTCORE_CONFI", "x", "BOTCORE_CONFI: is not known; did you mean BOTCORE_CONFIG?"),
        ("BOTCORE_SECRET_DIR", "x", "BOTCORE_SECRET_DIR: is not known; did you mean BOTCORE_SECRETS_DIR?"),
        ("BOTCORE_PLUGINS__MANIM__ENABLED", "maybe", "“enabled” must be true or false"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    toml: Toml, name: str, value: str, line: str
) -> None:
    (problem,) = toml.mistakes(**{name: value})
    assert line in problem
    assert problem.startswith(f"{name}: ")


def test_all_mistakes_are_shown_together(toml: Toml) -> None:
    problems = toml.mistakes("[web]\nport = -1\n[log]\nlevel = 1\nx = 2", BOTCORE_VIDEO__HOURS="soon")
    assert len(problems) == 4


def test_a_value_where_a_table_is_needed_names_both_places(toml: Toml) -> None:
    problems = toml.mistakes("web = 3", BOTCORE_WEB__PORT="1")
    assert problems[0] == "BOTCORE_WEB__PORT: web cannot be a table here, because FILE sets it to a value"
    assert toml.mistakes("[web]\nport = 1", BOTCORE_WEB="1") == [
        "BOTCORE_WEB: web is a table: set the keys below it"
    ]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "absent.toml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(ConfigError, match=reason):
            load_settings(path, environ={})
    (tmp_path / "latin.toml").write_bytes(b"data_dir = '\xe9'")
    with pytest.raises(ConfigError, match="is not text in UTF-8"):
        load_settings(tmp_path / "latin.toml", environ={})


def test_a_secrets_folder_that_is_not_there_or_holds_no_secrets_says_so(toml: Toml, tmp_path: Path) -> None:
    assert "cannot be read: No such file" in toml.mistakes(BOTCORE_SECRETS_DIR=str(tmp_path / "none"))[0]
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "web__port").write_bytes(b"\xff\xfe")
    (folder / "web__host").write_bytes(b"x" * 100_000)
    problems = toml.mistakes(BOTCORE_SECRETS_DIR=str(folder))
    assert [problem.split(": ", 1)[1] for problem in problems] == [
        "is larger than 65536 bytes, which is no secret",
        "is not text in UTF-8",
    ]


@given(st.dictionaries(st.text("_ABCPORTWEB", max_size=12), st.text(max_size=8), max_size=4))
def test_no_environment_makes_reading_raise_anything_else(variables: dict[str, str]) -> None:
    environ = {f"BOTCORE_{name}": value for name, value in variables.items()}
    environ.pop("BOTCORE_CONFIG", None)
    assert_loads_or_explains(lambda: load_settings(environ=environ))


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
KEYS = st.sampled_from(["port", "host", "timeout", "quality", "level", "text_min", "enabled"])
SECTIONS = st.sampled_from(
    ["web", "pipeline", "render", "log", "limits", "hooks", "plugins.manim", "data_dir"]
)


@given(SECTIONS | st.text(), KEYS | st.text(), VALUES)
def test_no_file_makes_reading_raise_anything_else(section: str, key: str, value: object) -> None:
    header = section if section.replace(".", "").isidentifier() else json.dumps(section)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "botcore.toml"
        text = f"[{header}]\n{json.dumps(key)} = {json.dumps(value)}\n"
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        assert_loads_or_explains(lambda: load_settings(path, environ={}))


def test_a_key_that_holds_a_line_break_does_not_break_the_line(toml: Toml) -> None:
    (problem,) = toml.mistakes('"a\\nb\\u2028c" = 1')
    assert problem.startswith(r"FILE: a\nb\u2028c: unknown key")


def assert_loads_or_explains(load: Callable[[], Settings]) -> None:
    """Either there are settings, or an error whose problems are one line each."""
    try:
        load()
    except ConfigError as error:
        problems = error.problems
    else:
        return
    assert problems
    assert all(len(problem.splitlines()) == 1 for problem in problems)


# ---------------------------------------------------------------------------------------------------- plugins


class Server(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str = ""
    password: SecretStr = SecretStr("")


class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")
    token: SecretStr = SecretStr("")
    keys: tuple[SecretStr, ...] = ()
    server: Server = Server()
    mirrors: dict[str, Server] = {}
    admins: frozenset[str] = frozenset()
    ratio: float | None = None


def plugin(toml: Toml, text: str = "", **environ: str) -> Config:
    return plugin_config("demo", toml.read(text, **environ).plugins.get("demo", PluginSection()), Config)


def test_a_plugins_section_is_what_its_model_says(toml: Toml) -> None:
    config = plugin(
        toml,
        "[plugins.demo]\nenabled = true\nratio = 0.5\n[plugins.demo.server]\nurl = 'http://127.0.0.1'\n",
        BOTCORE_PLUGINS__DEMO__TOKEN="from the environment",
        BOTCORE_PLUGINS__DEMO__ADMINS="a,b",
        BOTCORE_PLUGINS__DEMO__SERVER__PASSWORD="deep",
    )
    assert config.token.get_secret_value() == "from the environment"
    assert config.server == Server(url="http://127.0.0.1", password=SecretStr("deep"))
    assert config.admins == {"a", "b"}
    assert config.ratio == 0.5


@pytest.mark.parametrize(
    ("text", "key", "variable"),
    [
        ("token = 'hunter2'", "token", "BOTCORE_PLUGINS__DEMO__TOKEN"),
        ("keys = ['hunter2']", "keys", "BOTCORE_PLUGINS__DEMO__KEYS"),
        ("server.password = 'hunter2'", "server.password", "BOTCORE_PLUGINS__DEMO__SERVER__PASSWORD"),
        (
            "[plugins.demo.server]\npassword = 'hunter2'",
            "server.password",
            "BOTCORE_PLUGINS__DEMO__SERVER__PASSWORD",
        ),
        (
            "[plugins.demo.mirrors.home]\npassword = 'hunter2'",
            "mirrors.home.password",
            "BOTCORE_PLUGINS__DEMO__MIRRORS__HOME__PASSWORD",
        ),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    toml: Toml, text: str, key: str, variable: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        plugin(toml, f"[plugins.demo]\n{text}\n")
    (problem,) = caught.value.problems
    assert problem.startswith(f"{toml.path}: plugins.demo.{key}: is a secret and must not be in this file")
    assert f"set {variable}, or the file {variable.removeprefix('BOTCORE_').lower()} in the folder" in problem
    assert "hunter2" not in problem


def test_a_wrong_secret_is_not_repeated_either(toml: Toml) -> None:
    with pytest.raises(ConfigError) as caught:
        plugin(toml, BOTCORE_PLUGINS__DEMO__TOKEN__OOPS="hunter2")
    assert "hunter2" not in str(caught.value)
    assert "BOTCORE_PLUGINS__DEMO__TOKEN" in str(caught.value)


def test_a_secret_comes_from_the_secrets_folder(toml: Toml, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "plugins__demo__token").write_text("hunter2\n")
    assert plugin(toml, BOTCORE_SECRETS_DIR=str(tmp_path / "s")).token.get_secret_value() == "hunter2"


def test_a_plugin_can_be_disabled_from_the_environment(toml: Toml) -> None:
    for value, enabled in (("false", False), ("0", False), ("TRUE", True), ("1", True)):
        assert toml.read(BOTCORE_PLUGINS__DEMO__ENABLED=value).plugins["demo"].enabled is enabled


def test_an_unknown_key_of_a_plugin_names_the_allowed_ones(toml: Toml) -> None:
    with pytest.raises(
        ConfigError,
        match="did you mean “ratio”\\? Allowed: token, keys, server, mirrors, admins, ratio, enabled",
    ):
        plugin(toml, "[plugins.demo]\nrato = 1")


def test_the_origin_of_a_value_is_known(toml: Toml) -> None:
    toml.path.write_text("[web]\nport = 1\n")
    raw = read_sources(toml.path, {"BOTCORE_WEB__HOST": "h"})
    port, host = raw.origin(("web", "port")), raw.origin(("web", "host"))
    assert port is not None
    assert host is not None
    assert (port.place, host.place) == (str(toml.path), "BOTCORE_WEB__HOST")
    assert raw.origin(("log",)) is None
