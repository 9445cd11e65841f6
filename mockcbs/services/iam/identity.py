"""The identities of IAM: one account, its user, and a project in every region."""

import hashlib
from dataclasses import dataclass

from mockcbs.services.gateway.projects import DEFAULT_REGION, REGIONS, project_id
from mockcbs.settings import Settings


@dataclass(frozen=True)
class Project:
    """A project of the account, named after its region."""

    id: str
    name: str


class Directory:
    """Looks up users and projects. Unless mockcbs is strict, unknown ones are accepted."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.projects = tuple(Project(project_id(name), name) for name in REGIONS)

    def domain_id(self, name: str) -> str:
        """The id of an account."""
        return _derived("domain", name)

    def user_id(self, domain: str, name: str) -> str:
        """The id of a user of an account."""
        return _derived("user", f"{domain}/{name}")

    def password_fits(self, domain: str, user: str, password: str) -> bool:
        """Whether the password is correct; any password of an unknown user is, unless mockcbs is strict."""
        ours = self._settings
        if (domain, user) != (ours.iam_domain, ours.iam_user):
            return not ours.strict
        return password == ours.iam_password

    def project(self, *, name: str | None = None, identifier: str | None = None) -> Project | None:
        """The project with that name or id; unless mockcbs is strict, an unknown one is made up."""
        for project in self.projects:
            if project.name == name or project.id == identifier:
                return project
        if self._settings.strict:
            return None
        if identifier is None:
            return Project(project_id(name or ""), name or "")
        return Project(identifier, name or DEFAULT_REGION)


def _derived(kind: str, name: str) -> str:
    return hashlib.sha256(f"mockcbs/{kind}/{name}".encode()).hexdigest()[:32]
