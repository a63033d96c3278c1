"""Runs gcloud without starting it anew for each call: gcloud_server.py SDK_ROOT SOCKET, under
gcloud's own Python. Loading the SDK takes most of a call's second; here it is loaded once, and each
call is a fork of it with the caller's arguments, environment, folder and streams. Ends with its
standard input. The caller's side is the script that gcloud_once.py writes."""

import json
import os
import signal
import socket
import sys
import threading

REQUEST_BYTES_MAX = 1 << 20
EXIT_INTERNAL = 70


def load_sdk(root: str):
    """As lib/gcloud.py does, and the modules that every compute command loads later."""
    lib = os.path.join(root, "lib")
    sys.path[:0] = [lib, os.path.join(lib, "third_party")]
    os.environ["CLOUDSDK_ROOT_DIR"] = root
    import googlecloudsdk.gcloud_main as gcloud_main
    from googlecloudsdk.api_lib.compute import base_classes  # noqa: F401 (loaded, not used)
    from googlecloudsdk.api_lib.util import apis
    apis.GetMessagesModule("compute", "v1")
    apis.GetClientClass("compute", "v1")
    return gcloud_main


def serve_one(connection: socket.socket, gcloud_main) -> None:
    """In a fork: becomes the caller's gcloud, and tells its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, streams, _, _ = socket.recv_fds(connection, REQUEST_BYTES_MAX, 3)
    while not message.endswith(b"\n"):
        message += connection.recv(REQUEST_BYTES_MAX)
    request = json.loads(message)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["gcloud", *request["arguments"]]
    code = 0
    try:
        gcloud_main.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([code & 0xFF]))


def end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    root, path = sys.argv[1:]
    gcloud_main = load_sdk(root)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    threading.Thread(target=end_with_input, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            code = EXIT_INTERNAL
            try:
                listener.close()
                serve_one(connection, gcloud_main)
                code = 0
            finally:
                os._exit(code)
        connection.close()


if __name__ == "__main__":
    main()
