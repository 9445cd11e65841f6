"""A client of OSS that checks every response; it creates and deletes objects in one bucket."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException, ElementTree

from mockcbs.contract import diagnosis
from mockcbs.contract.client import Client
from mockcbs.contract.kit import Kit, made_up
from mockcbs.contract.lacking import Lacking, need
from mockcbs.contract.oss_shapes import SHAPES
from mockcbs.contract.oss_signing import Signer
from mockcbs.contract.services import KitService
from mockcbs.contract.targets import Answer, Call, CannotRunError
from mockcbs.core.clock import real_now

_REQUEST_ID = re.compile(r"[0-9A-F]{24}")
_NAMESPACE = re.compile(r"\{[^}]*\}")


class Oss(Client):
    """The operations on one bucket."""

    @cached_property
    def signer(self) -> Signer:
        """Signs calls with the access key of this run."""
        ours = self.kit.accounts
        bucket = ours["oss_bucket"] if self.is_host_style else ""
        return Signer(ours["oss_ak"], ours["oss_sk"], ours["oss_region"], bucket)

    @property
    def is_host_style(self) -> bool:
        """Whether the bucket is the first label of the host name, as the real service requires."""
        host = urlsplit(getattr(self.kit.targets["oss"], "url", "")).hostname or ""
        return host.startswith(f"{self.kit.accounts['oss_bucket']}.")

    @property
    def bucket(self) -> str:
        """The path of the bucket."""
        return "/" if self.is_host_style else f"/{self.kit.accounts['oss_bucket']}/"

    def path(self, key: str) -> str:
        """The path of an object."""
        return f"{self.bucket.rstrip('/')}/{quote(key, safe='/~')}"

    def call(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        headers: Mapping[str, str | None] | None = None,
        body: bytes = b"",
        auth: bool = True,
    ) -> Answer:
        """Send a request; the default content type is ``application/octet-stream``."""
        given = {"Content-Type": "application/octet-stream", **(headers or {})}
        return self.kit.call("oss", method, path, query, headers=given, body=body, auth=auth)

    def send(self, call: Call) -> Answer:
        """Send a call that is already signed."""
        return self.kit.call(
            "oss",
            call.method,
            call.path,
            call.query,
            headers={"Content-Type": None, **call.headers},
            body=call.body,
            auth=False,
        )

    def succeeded(self, answer: Answer, status: int = 200) -> bool:
        """Check that a response has the *status* of a success, and return whether it has."""
        found = f"HTTP {answer.status} {self.kit.beginning(answer)}"
        held = answer.status == status
        return self.kit.judge("oss.shape.success", answer, f"HTTP {status}", found, held=held)

    def xml(self, shape: str, answer: Answer, **echoed: str) -> Any:
        """The XML of a response that should be a success; marked as missing if it is not XML.

        *echoed* are elements that must have the values of the request.
        """
        is_success, content, clause = self.succeeded(answer), read(answer), f"oss.shape.{shape}"
        if not is_success and (content is None or content.tag != SHAPES[shape].root):
            reason = f"{answer.call.method} {answer.call.path} failed (oss.shape.success)"
            return Lacking(reason, "oss.shape.success", is_part=True)
        found = ["the body is not XML"] if content is None else list(SHAPES[shape].problems(content))
        if "xml" not in (kind := answer.headers.get("Content-Type", "(none)")):
            found.append(f"Content-Type is {kind}")
        self.kit.expect(clause, answer, found, [], "problems")
        if content is None:
            return Lacking(f"{shape} is not XML ({clause})", clause, is_part=True)
        named = {name: content.findtext(name) for name in echoed}
        if None not in named.values():
            self.kit.expect(clause, answer, named, echoed, "values of the request")
        return content

    def refused(self, clause: str, answer: Answer, status: int, code: str) -> None:
        """Check that a call failed with *status* and *code*, as *clause* says."""
        error = read(answer)
        found = error.findtext("Code") if error is not None else None
        self.kit.expect(clause, answer, [answer.status, found], [status, code], "status and Code")

    @contextmanager
    def objects(self, **contents: bytes) -> Iterator[dict[str, str]]:
        """Create objects with these contents, yield their keys, and delete their folder afterwards."""
        self.kit.must_write()
        folder = f"{made_up()}/"
        keys = {name: f"{folder}{name}" for name in contents}
        for name, key in keys.items():
            self.succeeded(self.call("PUT", self.path(key), body=contents[name]))
        try:
            yield {"": folder, **keys}
        finally:
            listed = read(self.call("GET", self.bucket, f"max-keys=1000&prefix={quote(folder, safe='')}"))
            for one in listed.iter("Key") if listed is not None else ():
                self.call("DELETE", self.path(one.text or ""))


def text(element: Any, name: str, shape: str) -> Any:
    """The text of an element; marked as missing if there is none."""
    found: str | None = need(element).findtext(name)
    clause = f"oss.shape.{shape}"
    return Lacking(f"{name} is missing ({clause})", clause) if found is None else found


def texts(content: Any, item: str, name: str, shape: str) -> list[Any]:
    """The texts of one element of each item; raises `LackingError` if the whole content is missing."""
    return [text(one, name, shape) for one in need(content).findall(item)]


def read(answer: Answer) -> Element | None:
    """The body as XML without namespaces; `None` if it is not XML."""
    try:
        root: Element = ElementTree.fromstring(answer.body)
    except (ElementTree.ParseError, DefusedXmlException):
        return None
    for element in root.iter():
        element.tag = _NAMESPACE.sub("", element.tag)
    return root


def every_answer(kit: Kit, answer: Answer) -> None:
    """Check the headers and the error of every response (contract 2)."""
    kit.judge("oss.http.answered", answer, "a response", f"HTTP {answer.status}", held=True)
    found = answer.headers.get("x-oss-request-id", "")
    held = _REQUEST_ID.fullmatch(found) is not None
    expected = "24 upper-case hexadecimal digits"
    kit.judge("oss.http.request-id", answer, expected, f"x-oss-request-id: {found or '(none)'}", held=held)
    seen: set[str] = kit.memory.setdefault("oss request ids", set())
    kit.judge("oss.http.request-id-fresh", answer, "a new id", found, held=found not in seen)
    seen.add(found)
    if answer.status < 400 or answer.call.method == "HEAD":
        return
    error = read(answer)
    names = ("Code", "Message", "RequestId", "HostId")
    missing = [name for name in names if error is None or not error.findtext(name)]
    kit.expect("oss.http.error", answer, missing, [], "missing members of Error")
    kind = answer.headers.get("Content-Type", "")
    kit.judge("oss.http.error", answer, "application/xml", f"Content-Type: {kind}", held="xml" in kind)
    if error is not None:
        kit.expect("oss.http.error-id", answer, error.findtext("RequestId"), found, "RequestId")


def authenticate(kit: Kit, call: Call) -> Call:
    """Sign *call* with signature version 4."""
    return Oss.of(kit).signer.v4(call, real_now())


def look(kit: Kit) -> None:
    """Create the bucket on a mock on this machine, and check that the bucket can be read."""
    oss, name = Oss.of(kit), kit.targets["oss"].name
    headers = {"Content-Type": "application/octet-stream"}
    if kit.local:
        diagnosis.first(kit, "oss", authenticate(kit, Call("PUT", oss.bucket, "", headers)))
    call = Call("GET", oss.bucket, "max-keys=1", headers)
    answer = diagnosis.first(kit, "oss", authenticate(kit, call))
    error = read(answer)
    code = error.findtext("Code") if error is not None else ""
    message = error.findtext("Message") if error is not None else ""
    said = kit.mask(f"{answer.status} {code} {message}".strip())
    if code in {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"}:
        raise CannotRunError(f"bad credentials: {name} says {said}")
    if code == "RequestTimeTooSkewed":
        raise CannotRunError(f"clock off: {name} says {said}")
    if code == "NoSuchBucket":
        raise CannotRunError(f"{name} has no such bucket: {said}")
    if "x-oss-request-id" not in answer.headers:
        diagnosis.recognize(kit, name, answer)
        diagnosis.check_vendor(kit, "oss", answer)


SERVICE = KitService("oss", every_answer, authenticate, look)
