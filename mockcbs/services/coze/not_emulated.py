"""Published operations that mockcbs does not emulate (contract 3.14); docs/coze.md prints them."""

import re
from functools import cache

OPERATIONS = """
POST /v1/audio/rooms: audio
POST /v1/audio/speech: audio
POST /v1/audio/transcriptions: audio
GET /v1/audio/speech: voice over WebSocket
GET /v1/audio/transcriptions: voice over WebSocket
GET /v1/audio/simult_interpretation: voice over WebSocket
GET /v1/chat: voice over WebSocket
GET /v1/audio/voices: audio
POST /v1/audio/voices/clone: audio
GET /v1/audio/live/{live_id}: audio
POST /v1/audio/voiceprint_groups: audio
GET /v1/audio/voiceprint_groups: audio
PUT /v1/audio/voiceprint_groups/{group_id}: audio
DELETE /v1/audio/voiceprint_groups/{group_id}: audio
POST /v1/audio/voiceprint_groups/{group_id}/features: audio
GET /v1/audio/voiceprint_groups/{group_id}/features: audio
PUT /v1/audio/voiceprint_groups/{group_id}/features/{feature_id}: audio
DELETE /v1/audio/voiceprint_groups/{group_id}/features/{feature_id}: audio
POST /v1/audio/voiceprint_groups/{group_id}/speaker_identify: audio
POST /v1/commerce/benefit/limitations: quotas of end users
GET /v1/commerce/benefit/limitations: quotas of end users
PUT /v1/commerce/benefit/limitations: quotas of end users
PUT /v1/commerce/benefit/limitations/{benefit_id}: quotas of end users
POST /v1/datasets: knowledge
GET /v1/datasets: knowledge
PUT /v1/datasets/{dataset_id}: knowledge
DELETE /v1/datasets/{dataset_id}: knowledge
GET /v1/datasets/{dataset_id}/images: knowledge
PUT /v1/datasets/{dataset_id}/images/{document_id}: knowledge
POST /v1/datasets/{dataset_id}/process: knowledge
POST /open_api/knowledge/document/create: knowledge
POST /open_api/knowledge/document/update: knowledge
POST /open_api/knowledge/document/delete: knowledge
POST /open_api/knowledge/document/list: knowledge
GET /open_api/knowledge/document/list: knowledge
POST /v1/entities/copy_tasks: copies of bots, apps and workflows
GET /v1/entities/copy_tasks/{task_id}: copies of bots, apps and workflows
GET /v1/stores/plugins: plugins of the store
POST /v1/loop/traces/ingest: traces of Coze Loop
POST /v1/loop/opentelemetry/v1/traces: traces of Coze Loop
POST /v1/loop/traces/search: traces of Coze Loop
POST /v1/loop/traces/search_tree: traces of Coze Loop
POST /v1/loop/traces/list: traces of Coze Loop
POST /v1/loop/traces/trajectory: traces of Coze Loop
POST /v1/loop/spans/search: traces of Coze Loop
POST /v1/loop/annotations: traces of Coze Loop
DELETE /v1/loop/annotations: traces of Coze Loop
"""
"""Method, path and topic, one operation a line. Remove the line when mockcbs serves the operation."""

_PLACEHOLDER = re.compile(r"\\\{[a-z_]+\\\}")


def operation(method: str, path: str) -> str | None:
    """The topic of the published operation at *method* and *path*; `None` for an unknown operation."""
    for published, pattern, subject in _patterns():
        if published == method and pattern.fullmatch(path):
            return subject
    return None


def table() -> dict[str, list[str]]:
    """The operations by topic, in the form ``GET /v1/apps``."""
    found: dict[str, list[str]] = {}
    for line in OPERATIONS.strip().splitlines():
        target, _, subject = line.partition(": ")
        found.setdefault(subject, []).append(target)
    return found


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    made = []
    for subject, targets in table().items():
        for target in targets:
            method, _, path = target.partition(" ")
            made.append((method, re.compile(_PLACEHOLDER.sub("[^/]+", re.escape(path)) + "/?"), subject))
    return tuple(made)
