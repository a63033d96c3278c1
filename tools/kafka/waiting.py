"""Waiting for a condition, with a deadline: the only place that sleeps."""

import time

POLL_SECONDS = 0.05


class TimedOut(Exception):
    pass


def wait_until(condition, what: str, seconds: float = 30.0):
    """Calls `condition` until it returns something true, and returns that. OSError counts as not
    yet. `what` completes "waited N s for ..."."""
    deadline = time.monotonic() + seconds
    last_error = None
    while True:
        try:
            result = condition()
            last_error = None
            if result:
                return result
        except OSError as error:
            last_error = error
        if time.monotonic() >= deadline:
            reason = f"; last error: {last_error}" if last_error else ""
            raise TimedOut(f"waited {seconds:g} s for {what}{reason}")
        time.sleep(POLL_SECONDS)
