"""Clauses about what surrounds bots on Coze: bills, apps, teams, callback apps, the older chat."""

from mockcbs.contract.ledger import table

_TABLE = """\
# shapes
shape.apps | derived | 3.12 | The list of apps has what SDKs require.
shape.folders | derived | 3.12 | The list of folders has items and total_count.
shape.folder | derived | 3.12 | A folder has what SDKs require.
shape.template | derived | 3.12 | Copying a template answers entity_id and entity_type.
shape.made-workspace | derived | 3.8 | Creating a workspace answers its id.
shape.members | derived | 3.8 | The members of a workspace have items, total_count and has_more.
shape.organization | derived | 3.14 | Creating an organization answers its organization_id.
shape.api-app | derived | 3.13.1 | A callback app has id, app_type and verify_token.
shape.api-apps | documented | 3.13.1 | The list of callback apps has items and has_more.
shape.api-events | documented | 3.13.1 | The events of a callback app have all four members.
shape.benefits | documented | 1.3.1 | The plan has a user_level, each benefit its type, status and quota.
shape.bill-task | documented | 1.3.2 | A new export of bills has file_urls ''.
shape.bill-tasks | documented | 1.3.2 | The list of exports has total and task_infos, whose file_urls is an
    array.
shape.legacy-chat | derived | 3.15 | A chat of version 2 has messages and conversation_id beside code.

# bills and benefits
benefits.plan | documented | 1.3.1 | Without benefit_type_list there is no benefit, with it those that it
    lists.
benefits.bad | assumed | 1.3.1 | An unknown benefit type is 400 with code 4000.
bills.created | documented | 1.3.2 | A new export is init, and is found by its id.
bills.file | documented | 1.3.2 | The links of an export that succeeded lead to CSV files, without a token.
bills.today | documented | 1.3.2 | Ends that are no midnights, and the present day, are 400 with code 4000.

# apps, folders, templates, workspaces
apps.pages | derived | 3.12 | Apps are paged by page_index and by page_num; total counts all.
apps.required | assumed | 3.12 | Apps and folders without workspace_id are 400 with code 4000.
folders.found | derived | 3.12 | A listed folder is found by its id as it is listed.
folders.unknown | assumed | 3.12 | An unknown folder is 404 with code 4200.
templates.copied | derived | 3.12 | A copied template is a draft of a bot under the given name.
workspaces.made | derived | 3.8 | A created workspace is listed by its name, and by another once it is
    changed.
members.added | derived | 3.14 | A user who is added is a member; added again, one who already joined.
members.removed | derived | 3.14 | A user who is removed is no member; one who is none, and the owner, are
    named.
enterprises.members | derived | 3.12 | Members of an enterprise are added, changed and removed without data.
enterprises.refused | assumed | 3.12 | Who is a member already is 4201, who is none is 404 with code 4200.
organizations.members | derived | 3.14 | An organization is created and changed; its members come and go
    without data.
organizations.unknown | assumed | 3.14 | An unknown organization is 404 with code 4200.

# collaborators and channels
collaborators.mode | assumed | 3.1.5 | A bot has to be opened for collaborators first: else 400, code 4000.
collaborators.added | assumed | 3.1.5 | Collaborators of bots, apps and workflows come and go without data.
collaborators.refused | assumed | 3.1.5 | Who collaborates already is 4201, who does not is 404 with code
    4200.
connectors.audit | derived | 3.12 | A channel judges a bot without data; a refusal needs a reason.
connectors.install | assumed | 3.14 | Adding a channel and binding devices answer no data.

# callback apps
callbacks.made | documented | 3.13.1 | A callback app is listed, under another name once changed, until it
    is deleted.
callbacks.events | documented | 3.13.1 | Events that an app subscribes to are listed until it unsubscribes.
callbacks.refused | assumed | 3.13.1 | An unknown type of app or event, or an app without name, is 400 with
    code 4000.
callbacks.unknown | assumed | 3.13.1 | An unknown callback app is 404 with code 4200.

# the older chat
legacy.answer | derived | 3.15 | A chat of version 2 answers at once, in the conversation that the client
    names.
legacy.stream | derived | 3.15 | Its stream has message events whose pieces make up the answer, then done.
legacy.counted | derived | 3.15 | It is in the analytics like any other chat.
legacy.unknown-bot | assumed | 3.15 | An unknown bot has code 4006, a missing query 400 with code 4000.
"""

TEAM_CLAUSES = table("coze", _TABLE)
"""Every clause of this part."""
