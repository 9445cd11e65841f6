"""Clauses about the rest of Coze: bills, apps, teams, callback apps and the chat of version 2."""

from mockcbs.contract.ledger import table

_TABLE = """\
# shapes
shape.apps | derived | 3.12 | The list of apps has all members that the SDKs require.
shape.folders | derived | 3.12 | The list of folders has items and total_count.
shape.folder | derived | 3.12 | A folder has all members that the SDKs require.
shape.template | derived | 3.12 | Copying a template returns entity_id and entity_type.
shape.made-workspace | derived | 3.8 | Creating a workspace returns its id.
shape.added-members | derived | 3.14 | The response to added members has five lists of user ids.
shape.members | derived | 3.8 | The members of a workspace have items, total_count and has_more.
shape.organization | derived | 3.14 | Creating an organization returns its organization_id.
shape.api-app | derived | 3.13.1 | A callback app has id, app_type and verify_token.
shape.api-apps | documented | 3.13.1 | The list of callback apps has items and has_more.
shape.api-events | documented | 3.13.1 | The events of a callback app have all four members of the contract.
shape.benefits | documented | 1.3.1 | The plan has a user_level; each benefit has its type, status and quota.
shape.bill-task | documented | 1.3.2 | A new export of bills has an empty string as file_urls.
shape.bill-tasks | documented | 1.3.2 | The list of exports has total and task_infos; file_urls of each is an
    array.
shape.legacy-chat | derived | 3.15 | A chat of version 2 has messages and conversation_id at the same level as
    code.

# bills and benefits
benefits.plan | documented | 1.3.1 | The plan has exactly the benefits that benefit_type_list names; without
    it there are none.
benefits.bad | assumed | 1.3.1 | An unknown benefit type returns 400 with code 4000.
bills.created | documented | 1.3.2 | A new export has the status init and can be found by its id.
bills.file | documented | 1.3.2 | The links of a successful export return CSV files without a token.
bills.today | documented | 1.3.2 | Ends that are not midnights, and the current day, return 400 with code
    4000.

# apps, folders, templates, workspaces
apps.pages | derived | 3.12 | page_index and page_num both select a page of apps; total counts all apps.
apps.required | assumed | 3.12 | Apps and folders without workspace_id return 400 with code 4000.
folders.found | derived | 3.12 | A folder read by its id equals its entry in the list.
folders.unknown | assumed | 3.12 | An unknown folder returns 404 with code 4200.
templates.copied | derived | 3.12 | A copied template is a draft of a bot with the given name.
workspaces.made | derived | 3.8 | A new workspace is listed with its name; a changed name replaces the old
    one.
members.added | derived | 3.14 | An added user is a member; a second request reports the user as already
    joined.
members.removed | derived | 3.14 | A removed user is no longer a member; the response names owners and users
    who are not members.
enterprises.members | derived | 3.12 | Adding, changing and removing members of an enterprise return no data.
enterprises.refused | assumed | 3.12 | Adding an existing member returns code 4201; changing or removing an
    unknown member returns 404 with code 4200.
organizations.members | derived | 3.14 | Changing an organization, and adding and removing its members, return
    no data.
organizations.unknown | assumed | 3.14 | An unknown organization returns 404 with code 4200.

# collaborators and channels
collaborators.mode | assumed | 3.1.5 | Without collaboration mode, adding a collaborator to a bot returns 400
    with code 4000.
collaborators.added | assumed | 3.1.5 | Adding and removing collaborators of bots, apps and workflows return
    no data.
collaborators.refused | assumed | 3.1.5 | Adding an existing collaborator returns code 4201; removing an
    unknown one returns 404 with code 4200.
connectors.audit | derived | 3.12 | The audit of a bot by a channel returns no data; a rejection requires a
    reason.
connectors.install | assumed | 3.14 | Adding a channel and binding devices return no data.

# callback apps
callbacks.made | documented | 3.13.1 | A callback app is listed with its current name until it is deleted.
callbacks.events | documented | 3.13.1 | The events of an app are listed from subscription to unsubscription.
callbacks.refused | assumed | 3.13.1 | An unknown type of app or event, or an app without name, returns 400
    with code 4000.
callbacks.unknown | assumed | 3.13.1 | An unknown callback app returns 404 with code 4200.

# the older chat
legacy.answer | derived | 3.15 | A chat of version 2 returns the answer at once, in the conversation that the
    client names.
legacy.stream | derived | 3.15 | Its stream has message events whose parts form the answer, and then done.
legacy.counted | derived | 3.15 | A chat of version 2 is counted in the analytics like any other chat.
legacy.unknown-bot | assumed | 3.15 | An unknown bot returns code 4006, a missing query 400 with code 4000.
"""

TEAM_CLAUSES = table("coze", _TABLE)
"""All clauses of this module."""
