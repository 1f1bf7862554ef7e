"""The wall around untrusted code.

Who starts whom::

    host (this bot)                 renderer.py, pool.py, host.py
    └── launcher                    drops root, hands over to bubblewrap
        └── zygote                  imports Manim once; no network, read-only files, no secrets
            └── supervisor          one per job: new namespaces, the clock, the exit status
                └── job             one per job: tmpfs, limits, Landlock, seccomp; then the code

Nothing that a job sends is believed: see ``frames.py``. What a job ended with is told by its supervisor
alone, over a channel that the job never holds.
"""
