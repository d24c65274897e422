"""How gunicorn serves the application; what is not said here is said on its command line."""

import gc
from typing import Any

preload_app = True
worker_class = "gthread"
workers = 2
threads = 8
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Before the workers are born: what was loaded stays shared, as the collector no longer writes into it."""
    gc.collect()
    gc.freeze()
