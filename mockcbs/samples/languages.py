"""Programs that send a request over plain HTTP: curl, Python, Java, Node and Go."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from mockcbs.samples.python import with_requests
from mockcbs.samples.request import Request


@dataclass(frozen=True)
class Language:
    """A language or a tool that sends requests."""

    name: str
    """The name that users choose."""
    title: str
    highlight: str
    """The name of the language for syntax highlighters."""
    write: Callable[[Request], str]


def curl(request: Request) -> str:
    """A command line that sends *request*."""
    method = [] if request.method == "GET" and not request.body else [["-X", request.method]]
    if request.method == "HEAD":
        method = [["--head"]]
    wild = any(letter in request.url for letter in "[]{}")
    parts = [
        ["curl", "-sS", *(["--globoff"] if wild else []), request.url],
        *method,
        *(["-H", f"{name}: {value}"] for name, value in request.headers.items()),
        *([["--data-raw", request.body]] if request.body else []),
    ]
    return " \\\n  ".join(map(shlex.join, parts)) + "\n"


def java(request: Request) -> str:
    """A Java program in one file that sends *request*."""
    # HttpURLConnection rejects PATCH, and turns a GET with a body into a POST.
    if request.method == "PATCH" or (request.body and request.method in {"GET", "HEAD"}):
        return _java_http_client(request)
    lines = [
        "import java.io.InputStream;",
        "import java.net.HttpURLConnection;",
        "import java.net.URL;",
        "import java.nio.charset.StandardCharsets;",
        "",
        "public class Main {",
        "    public static void main(String[] args) throws Exception {",
        f"        URL url = new URL({_quoted(request.url)});",
        "        HttpURLConnection connection = (HttpURLConnection) url.openConnection();",
        f"        connection.setRequestMethod({_quoted(request.method)});",
        *(
            f"        connection.setRequestProperty({_quoted(name)}, {_quoted(value)});"
            for name, value in request.headers.items()
        ),
    ]
    if request.body:
        lines += [
            "        connection.setDoOutput(true);",
            f"        String body = {_java_text(request.body)};",
            "        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));",
        ]
    lines += [
        "        int status = connection.getResponseCode();",
        "        InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();",
        '        String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);',
        '        System.out.println(status + " " + text);',
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _java_http_client(request: Request) -> str:
    refused = request.method if request.method == "PATCH" else f"{request.method} with a body"
    publisher = (
        f"HttpRequest.BodyPublishers.ofString({_java_text(request.body)})"
        if request.body
        else "HttpRequest.BodyPublishers.noBody()"
    )
    lines = [
        "import java.net.URI;",
        "import java.net.http.HttpClient;",
        "import java.net.http.HttpRequest;",
        "import java.net.http.HttpResponse;",
        "",
        "public class Main {",
        "    public static void main(String[] args) throws Exception {",
        f"        // HttpURLConnection cannot send {refused}",
        f"        HttpRequest request = HttpRequest.newBuilder(URI.create({_quoted(request.url)}))",
        *(
            f"            .header({_quoted(name)}, {_quoted(value)})"
            for name, value in request.headers.items()
        ),
        f"            .method({_quoted(request.method)}, {publisher})",
        "            .build();",
        "        HttpResponse<String> response = HttpClient.newHttpClient()",
        "            .send(request, HttpResponse.BodyHandlers.ofString());",
        '        System.out.println(response.statusCode() + " " + response.body());',
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def node(request: Request) -> str:
    """A program for Node 18 or newer that sends *request*."""
    options = [f"  method: {_quoted(request.method)},"]
    if request.headers:
        options += [
            "  headers: {",
            *(f"    {_quoted(name)}: {_quoted(value)}," for name, value in request.headers.items()),
            "  },",
        ]
    if request.body and request.method not in {"GET", "HEAD"}:
        options.append(f"  body: {_node_body(request)},")
    return "\n".join(
        [
            "async function main() {",
            f"  const response = await fetch({_quoted(request.url)}, {{",
            *(f"  {option}" for option in options),
            "  });",
            "  console.log(response.status, await response.text());",
            "}",
            "",
            "main();",
            "",
        ]
    )


def _node_body(request: Request) -> str:
    """The body: JSON as an object, unless JavaScript would change its numbers."""
    if isinstance(request.json, dict | list) and json.loads(request.body, parse_int=float) == request.json:
        text = json.dumps(request.json, ensure_ascii=False, indent=2).replace("\n", "\n    ")
        return f"JSON.stringify({text})"
    return _quoted(request.body)


def go(request: Request) -> str:
    """A Go program that sends *request*."""
    body = f"strings.NewReader({_go_text(request.body)})" if request.body else "nil"
    imports = ["fmt", "io", "net/http", *(["strings"] if request.body else [])]
    return "\n".join(
        [
            "package main",
            "",
            "import (",
            *(f'\t"{name}"' for name in imports),
            ")",
            "",
            "func main() {",
            f"\trequest, err := http.NewRequest({_quoted(request.method)}, {_quoted(request.url)}, {body})",
            "\tif err != nil {",
            "\t\tpanic(err)",
            "\t}",
            *(
                f"\trequest.Header.Set({_quoted(name)}, {_quoted(value)})"
                for name, value in request.headers.items()
            ),
            "\tresponse, err := http.DefaultClient.Do(request)",
            "\tif err != nil {",
            "\t\tpanic(err)",
            "\t}",
            "\tdefer response.Body.Close()",
            "\ttext, err := io.ReadAll(response.Body)",
            "\tif err != nil {",
            "\t\tpanic(err)",
            "\t}",
            "\tfmt.Println(response.StatusCode, string(text))",
            "}",
            "",
        ]
    )


def _quoted(text: str) -> str:
    """*text* as a string of Java, JavaScript or Go. All three read JSON's escapes of these characters."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _java_text(text: str) -> str:
    """A text block if the text has several lines, otherwise a string."""
    lines = [_quoted(line) for line in text.splitlines(keepends=True)]
    return "\n            + ".join(lines) or '""'


def _go_text(text: str) -> str:
    """A raw string if it can contain *text*."""
    raw = (
        "`" not in text and "\r" not in text and "\ufeff" not in text and text.replace("\n", "").isprintable()
    )
    return f"`{text}`" if raw else _quoted(text)


LANGUAGES = (
    Language("curl", "curl", "bash", curl),
    Language("python", "Python requests", "python", with_requests),
    Language("java", "Java HttpURLConnection", "java", java),
    Language("node", "Node fetch", "javascript", node),
    Language("go", "Go net/http", "go", go),
)
"""All languages except the vendors' SDKs."""
