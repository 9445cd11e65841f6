"""The least a Flask application can do behind mockcbs's own front door: answer a constant body.

    python benchmarks/plain.py SIZE

Prints its base URL and answers any path with SIZE bytes of JSON until it is terminated.
"""

import sys

from flask import Flask, Response

from mockcbs.serving.server import Server, bind


def main(size: int) -> None:
    app = Flask("plain", static_folder=None)
    body = '"' + "x" * (size - 2) + '"'

    @app.get("/constant")
    def constant() -> Response:
        return Response(body, mimetype="application/json")

    listener = bind("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    Server(app, on_ready=lambda: print(url, flush=True)).run([listener])


if __name__ == "__main__":
    main(int(sys.argv[1]))
