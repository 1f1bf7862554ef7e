"""Attacks that must get nothing. Each body sets ``got`` to what it took; raising is the other way to fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botcore_manim.sandbox.seccomp import ALLOWED
from botcore_manim.sandbox.syscall_numbers import TABLES

from botcore.errors import SceneFailed

if TYPE_CHECKING:
    from tests.security.conftest import Arena

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SOCKET = "import socket; s = socket.socket({family}, {kind}); got = 'socket'"
_CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall({number}, {arguments}) < 0:
    raise OSError(ctypes.get_errno(), 'refused')
got = 'system call {number}'
"""

# allowed with some arguments and not with others: these have attacks of their own
_LOOKED_AT = {"clone", "clone3", "prlimit64", "prctl", "ioctl", "fcntl"}
# the kernel lets no filter see uretprobe and uprobe; whoever calls them from elsewhere dies of SIGILL
_UNFILTERED = {335, 336}
_LISTED = {TABLES["x86_64"].get(name, 0) for name in ALLOWED | _LOOKED_AT}
_REFUSED = sorted(set(range(600)) - _LISTED - _UNFILTERED)

ATTACKS = {
    "inet socket": _SOCKET.format(family="socket.AF_INET", kind="socket.SOCK_STREAM"),
    "inet6 socket": _SOCKET.format(family="socket.AF_INET6", kind="socket.SOCK_DGRAM"),
    "unix socket": _SOCKET.format(family="socket.AF_UNIX", kind="socket.SOCK_STREAM"),
    "netlink socket": _SOCKET.format(family="socket.AF_NETLINK", kind="socket.SOCK_RAW"),
    "socket pair": "import socket; got = socket.socketpair()",
    "name lookup": "import socket; got = socket.getaddrinfo('localhost', 80)",
    "web request": "import urllib.request; got = urllib.request.urlopen('http://127.0.0.1:1/').read()",
    "passwd": "got = open('/etc/passwd').read()",
    "shadow": "got = open('/etc/shadow').read()",
    "host name": "got = open('/etc/hostname').read()",
    "root's home": "import os; got = os.listdir('/root')",
    "homes": "import os; got = os.listdir('/home')",
    "bot's environment": "got = open('/proc/1/environ').read()",
    "own environment file": "got = open('/proc/self/environ').read()",
    "parent's memory": "import os; got = open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
    "process list": "import os; got = os.listdir('/proc')",
    "secret in the environment": """
import os
got = [value for value in os.environ.values() if 'corpus-secret' in value]
""",
    "environment of the C library": """
import ctypes
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), 'environ')
values, i = [], 0
while environ[i]:
    values.append(environ[i]); i += 1
got = [value for value in values if b'corpus-secret' in value]
""",
    "write into the interpreter": "import os; got = open(os.__file__ + '.new', 'w').write('x')",
    "write into manim": "import manim; got = open(manim.__file__, 'a').write('x')",
    "write into etc": "got = open('/etc/written', 'w').write('x')",
    "write into dev": "got = open('/dev/written', 'w').write('x')",
    "write into shared memory": "got = open('/dev/shm/written', 'w').write('x')",
    "write into the root": "import os; got = os.mkdir('/written') or 'made'",
    "shared memory": "import multiprocessing.shared_memory as m; got = m.SharedMemory('x', True, 9)",
    "remount": """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b'none', b'/', b'', 32 | 4096, b'') < 0:
    raise OSError(ctypes.get_errno(), 'refused')
got = 'remounted'
""",
    "chroot": "import os; os.chroot('/tmp'); got = 'chroot'",
    "device file": "import os, stat; os.mknod('/tmp/null', 0o666 | stat.S_IFCHR, os.makedev(1, 3)); got = 1",
    "named pipe": "import os; os.mkfifo('/tmp/pipe'); got = 'pipe'",
    "hard link": "import os; os.link(os.__file__, '/tmp/linked'); got = 'link'",
    "give a file away": "import os; open('/tmp/x', 'w').close(); os.chown('/tmp/x', 0, 0); got = 'chown'",
    "follow a link out": "import os; os.symlink('/etc/passwd', '/tmp/l'); got = open('/tmp/l').read()",
    "fork": "import os; pid = os.fork(); pid or os._exit(0); got = 'fork'",
    "fork bomb": """
import os
for _ in range(1000):
    pid = os.fork()
got = 'a thousand forks'
""",
    "program": "import subprocess; got = subprocess.run(['/usr/bin/id'], capture_output=True).stdout",
    "shell": "import os; got = 1 - min(os.system('true'), 1)",
    "exec": "import os; os.execv('/usr/bin/true', ['true'])",
    "another interpreter": "import multiprocessing as m; m.Process(target=print).start(); got = 1",
    "thread bomb": """
import threading
gate = threading.Event()
count = 0
try:
    for _ in range(5000):
        threading.Thread(target=gate.wait, daemon=True).start()
        count += 1
finally:
    gate.set()
got = count
""",
    "signal another process": "import os; os.kill(2, 9); got = 'signal'",
    "signal everything": "import os; os.kill(-1, 9); got = 'signals'",
    "signal the parent": "import os; got = os.getppid()",
    "program in scratch": """
import os, mmap
open('/tmp/p', 'wb').write(b'\\x7fELF' + bytes(4092))
os.chmod('/tmp/p', 0o755)
with open('/tmp/p', 'rb') as f:
    got = mmap.mmap(f.fileno(), 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)
""",
    "library in scratch": """
import ctypes, shutil, glob
shutil.copyfile(glob.glob('/usr/lib/*/libz.so.1')[0], '/tmp/z.so')
got = ctypes.CDLL('/tmp/z.so')
""",
    "memory file": "import os; got = os.memfd_create('x')",
    "ptrace": _CALL.format(number=101, arguments="16, 2, 0, 0"),
    "read another's memory": _CALL.format(number=310, arguments="2, 0, 0, 0, 0, 0"),
    "process descriptor": _CALL.format(number=434, arguments="1, 0"),
    "user namespace": _CALL.format(number=272, arguments="0x10000000"),
    "namespace by clone": _CALL.format(number=56, arguments="0x10000011, 0, 0, 0, 0"),
    "namespace by clone3": _CALL.format(number=435, arguments="0, 0"),
    "session keyring": _CALL.format(number=250, arguments="0, -3, 1"),
    "System V memory": _CALL.format(number=29, arguments="0, 4096, 0o1600"),
    "message queue": _CALL.format(number=68, arguments="0, 0o1600"),
    "bpf": _CALL.format(number=321, arguments="0, 0, 0"),
    "perf": _CALL.format(number=298, arguments="0, 0, -1, -1, 0"),
    "io_uring": _CALL.format(number=425, arguments="1, 0"),
    "userfaultfd": _CALL.format(number=323, arguments="1"),
    "file handles": _CALL.format(number=304, arguments="0, 0, 0"),
    "set the clock": _CALL.format(number=227, arguments="0, 0"),
    "undo seccomp": _CALL.format(number=317, arguments="0, 0, 0"),
    "become dumpable": _CALL.format(number=157, arguments="4, 1, 0, 0, 0"),
    "x32 call": _CALL.format(number="0x40000000 + 39", arguments="0"),
    "32-bit call through x32 exec": _CALL.format(number="0x40000000 + 520", arguments="0, 0, 0"),
    "become root": "import os; os.setuid(0); got = 'root'",
    "raise a limit": """
import resource
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
got = 'more memory'
""",
    "steal terminal input": "import fcntl; fcntl.ioctl(0, 0x5412, b'x'); got = 'typed'",
    "steal input, with a high word that the kernel drops": _CALL.format(
        number=16, arguments="0, ctypes.c_ulong((1 << 32) | 0x5412), b'x'"
    ),
    "become dumpable, with a high word": _CALL.format(
        number=157, arguments="ctypes.c_ulong((1 << 32) | 4), 1, 0, 0, 0"
    ),
    "lock a file of the system": """
import fcntl, os
fcntl.flock(open(os.__file__), fcntl.LOCK_EX | fcntl.LOCK_NB)
got = 'lock'
""",
    "lock a part of a file of the system": """
import fcntl, os
fcntl.lockf(open(os.__file__), fcntl.LOCK_SH | fcntl.LOCK_NB)
got = 'lock'
""",
    "lease a file of the system": "import fcntl, os; fcntl.fcntl(open(os.__file__), 1024, 0); got = 'lease'",
    "seal the result before the host does": "import fcntl; fcntl.fcntl(4, 1033, 1); got = 'seal'",
    "grow a pipe to the host": "import fcntl; fcntl.fcntl(1, 1031, 1 << 20); got = 'memory of the host'",
    "signals from a pipe to another": "import fcntl; fcntl.fcntl(1, 8, 1); got = 'owner'",
    "move pages between pipes": _CALL.format(number=275, arguments="1, 0, 3, 0, 4096, 0"),
    "every call that is not on the list": f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
got = []
for number in {_REFUSED}:
    ctypes.set_errno(0)
    if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 1:
        got.append(number)
""",
    "files of the bot by their descriptors": "got = open('/dev/fd/4', 'rb').read()",
    "a device of the machine": "got = open('/dev/ptmx', 'rb')",
    "raise its own priority": "import os; os.nice(-1); got = 'priority'",
    "descriptors of the zygote": """
import os
got = []
for fd in range(5, 512):
    try:
        os.fstat(fd)
        got.append(fd)
    except OSError:
        pass
got = [fd for fd in got if not os.readlink(f'/proc/self/fd/{fd}').startswith('/tmp')] if got else got
""",
    "external entity in a drawing": """
open('/tmp/a.svg', 'w').write('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<svg xmlns="http://www.w3.org/2000/svg"><desc>&x;</desc><path d="M0 0L1 1"/></svg>')
import xml.etree.ElementTree as trees
got = [e.text for e in trees.parse('/tmp/a.svg').iter() if e.text and 'root:' in e.text]
SVGMobject('/tmp/a.svg')
""",
    "pickle in numpy": """
import os
class Run:
    def __reduce__(self):
        return os.system, ('true',)
np.save('/tmp/a.npy', np.array([Run()], dtype=object), allow_pickle=True)
got = [x for x in np.load('/tmp/a.npy', allow_pickle=True).tolist() if x == 0]
""",
    "subclasses of object": """
import subprocess
popen = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'Popen']
popen[0](['/usr/bin/true']).wait()
got = 'ran'
""",
    "globals of a function": """
system = Scene.render.__globals__['__builtins__']
system = (system if isinstance(system, dict) else vars(system))['__import__']('os').system
got = system('true') == 0
""",
    "names put together": """
get = getattr(__import__('o' + 's'), 'sys' + 'tem')
got = get('true') == 0
""",
    "frames of a traceback": """
try:
    raise ValueError
except ValueError as error:
    frame = error.__traceback__.tb_frame
while frame.f_back:
    frame = frame.f_back
got = [v for v in frame.f_globals.values() if isinstance(v, str) and 'corpus-secret' in v]
""",
    "re-exported os": "from manim.utils import file_ops; got = file_ops.os.listdir('/root')",
}


REFUSALS = (
    "FileNotFoundError",
    "OSError",
    "ParseError: undefined entity",
    "PermissionError",
    "ProcessLookupError",
    "RuntimeError: can't start new thread",
    "URLError",
    "ValueError: not allowed to raise maximum limit",
    "gaierror",
)


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_gets_nothing_and_the_next_job_is_untouched(arena: Arena, name: str) -> None:
    zygote = await arena.zygote()
    body = f"got = None\n{ATTACKS[name].strip()}\nif not got:\n    raise PermissionError('empty hands')\n"
    body += "raise RuntimeError(f'BREACH {got!r:.100}')\n"
    with pytest.raises(SceneFailed) as failure:
        await arena.attack(body)
    problem = str(failure.value.params["problem"])
    # a refusal, not a slip in the attack's own text
    assert problem.startswith(REFUSALS), problem
    await arena.assert_untouched(zygote)
