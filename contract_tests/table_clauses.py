"""Clauses about the services of tables: Feishu, Airtable, Tencent Docs and WeCom.

Standing as in `mockcbs.contract_tests.clauses`; what was seen on the live service counts as derived. The
source is a section of the project's contract of Coze.
"""

from mockcbs.contract.ledger import table

_FEISHU = """\
# every response
http.answered | derived | 4.1.2 | Every call is answered, in time.
http.json | derived | 4.1.2 | Every body is a JSON object, whatever its status.
http.logid | derived | 4.1.1 | Every response has X-Tt-Logid, spelled so.
http.code | documented | 4.1.1 | code is an integer.
http.success | documented | 4.1.1 | A success is HTTP 200 with code 0 and msg success or ok.
http.failure | documented | 4.1.1 | A failure has msg in words; error.log_id is the value of X-Tt-Logid.
shape.success | documented | 4.1.1 | What is asked rightly is HTTP 200 with code 0.
shape.token | documented | 4.2 | A token comes beside code, with expire of up to 7200 seconds.
shape.base | derived | 4.3.3 | A Base has app_token and name.
shape.tables | derived | 4.3.3 | The list of tables has items, has_more and total; a table id, name,
    revision.
shape.table | documented | 4.3.3 | A new table is table_id, default_view_id and field_id_list.
shape.fields | derived | 4.3.3 | The list of fields has what SDKs read, is_primary and ui_type too.
shape.field | derived | 4.3.3 | A field that was made is under field.
shape.views | derived | 4.3.3 | The list of views has what SDKs read.
shape.view | derived | 4.3.3 | A view is under view, with id, name and type.
shape.record | documented | 4.3.1 | A record is under record, with record_id and fields.
shape.records | documented | 4.3.2 | Several records are under records.
shape.record-page | documented | 4.3.2 | A page of records has items, an array, has_more and total.
shape.deleted | documented | 4.3.2 | A deletion answers deleted and record_id.
shape.message | documented | 4.4 | A message has what SDKs read; its times are strings of milliseconds.
shape.chats | derived | 4.4 | The list of chats has items, has_more and page_token.

# who may call
token.same | documented | 4.2 | With at least 30 minutes left the same token is issued again.
token.bare | derived | 4.1.2, 4.2 | The token call works without Content-Type, and with a slash at its end.
token.secret | documented | 4.2 | A wrong secret is 200 with code 10014, a missing member 10003.
auth.missing | derived | 4.1.3 | A call without a token, or without Bearer, is 400 with code 99991661.
auth.bad-token | derived | 4.1.3 | A tenant token that is no good is 400 with code 99991663.
auth.user-token | derived | 4.1.3 | A user token that is no good is 400 with code 99991668.
auth.first | derived | 4.1.3 | Access is looked at before parameters and body.
auth.unknown-path | derived | 4.1.3 | An unknown path is 404.

# Bases, tables, fields, views
bases.unknown | documented | 4.3.6 | An unknown Base has code 1254040, an unknown table 1254041.
tables.listed | documented | 4.3.3 | A table is listed under its name until it is deleted.
fields.made | documented | 4.3.3 | The fields of a new table are in order, the first one is primary; others
    follow.
fields.duplicate | documented | 4.3.6 | A second field of one name has code 1254014.
views.answer | derived | 4.3.3 | A view is made, renamed and deleted; data.view shows it.
views.filter | derived | 4.3.3 | Records read with view_id obey the filter of the view.

# records
records.created | documented | 4.3.2 | A created record is found by its id, with the same cells.
records.client-token | documented | 4.3.2 | The same client_token again answers the same record, and adds
    none.
records.batch | documented | 4.3.2 | Several records are created at once, all of them or none.
records.batch-limit | documented | 4.3.2 | More than 1,000 records in one call have code 1254104.
records.updated | documented | 4.3.2 | An update changes the named columns only; null clears a cell.
records.deleted | documented | 4.3.2 | A deleted record is gone (1254043), alone or with others.
records.batch-get | documented | 4.3.2 | batch_get names records that are absent.
records.pages | documented | 4.3.2 | Pages put together are all records; total is their number.
records.page-size | documented | 4.3.2 | page_size goes up to 500, and is 20 by default.
records.no-json | documented | 4.3.6 | A body that is no JSON has code 1254000, one without fields 1254001.
records.field-names | documented | 4.3.6 | An unknown column has code 1254045, in fields, sort and filter.

# cells
cells.read | documented | 4.3.4 | Cells of each type are read as they were written.
cells.segments | documented | 4.3.4 | search answers text as segments, list and create as a string.
cells.text-as-array | documented | 4.3.2 | With text_field_as_array list answers segments, too.
cells.empty | documented | 4.3.1 | Empty cells are left out of fields.
cells.text | documented | 4.3.6 | A number in a text column has code 1254060.
cells.number | documented | 4.3.6 | A string in a number column has code 1254061.
cells.selects | documented | 4.3.6 | A wrong value of a single select has 1254062, of a multi select
    1254063.
cells.date | documented | 4.3.6 | A string in a date column has code 1254064.
cells.checkbox | documented | 4.3.6 | A string in a checkbox has code 1254065.
cells.option | documented | 4.3.4 | An unknown option of a select is created.

# filters
search.number | documented | 4.3.5 | Numbers are chosen by all their operators; the bound itself is
    excluded.
search.text | documented | 4.3.5 | Text is chosen by is, isNot, contains and doesNotContain.
search.empty | documented | 4.3.5 | isEmpty and isNotEmpty tell empty cells from others.
search.date | documented | 4.3.5 | Dates are chosen by ExactDate, with is, isGreater and isLess.
search.conjunction | documented | 4.3.5 | and, or, and one level of children are combined.
search.operator | documented | 4.3.5 | An operator that does not fit the type has 1254018 or 1254000.
search.sort | documented | 4.3.2 | sort orders by a column, desc the other way.
search.fields | documented | 4.3.2 | field_names keeps the columns that it names.
list.formula | documented | 4.3.5 | A formula of list chooses the rows that the same search does.
list.sort | documented | 4.3.2 | sort and field_names of list are JSON arrays in a string.

# messages
messages.sent | documented | 4.4 | A text is sent; the answer holds its content as it was given.
messages.uuid | documented | 4.4 | The same uuid again answers the same message.
messages.wrong | documented | 4.4 | A wrong type of receiver or message is 400 with code 230001.
hooks.sent | documented | 4.5 | A custom bot takes text, post and card, and answers code and StatusCode 0.
hooks.wrong | documented | 4.5 | A body without a known msg_type has code 9499.
"""

_AIRTABLE = """\
# every response
http.answered | derived | 4.6 | Every call is answered, in time.
http.json | derived | 4.6 | Every body is a JSON object, whatever its status.
http.success | derived | 4.6 | A success is HTTP 200 and has no error.
http.failure | documented | 4.6 | An error is an object with type and message, a string, or a list.
shape.success | derived | 4.6 | What is asked rightly is HTTP 200.
shape.record | derived | 4.6 | A record is id, createdTime and fields.
shape.records | derived | 4.6 | A list is records, and offset unless it is the last page.
shape.deleted | derived | 4.6 | A deletion answers id and deleted.
shape.upserted | derived | 4.6 | A merge answers createdRecords and updatedRecords beside records.
shape.bases | derived | 4.6 | Bases have id, name and permissionLevel.
shape.tables | derived | 4.6 | Tables have id, name, primaryFieldId, fields and views.
shape.user | derived | 4.6 | whoami answers an id.

# who may call
auth.missing | documented | 4.6 | A call without a token is 401 AUTHENTICATION_REQUIRED.
auth.bad-token | documented | 4.6 | A token that is no good is 401 AUTHENTICATION_REQUIRED.
auth.unknown | documented | 4.6 | An unknown base is 403 INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND, or 404.
auth.unknown-path | derived | 4.6 | An unknown path is 404 with error NOT_FOUND, a string.

# records
records.created | derived | 4.6 | A created record is found by its id, with the same cells.
records.time | documented | 4.6 | createdTime is ISO 8601 in UTC with milliseconds and Z.
records.ids | documented | 4.6 | Ids of records are rec and 14 letters or digits.
records.many | documented | 4.6 | Up to ten records are created, changed and deleted in one call; eleven are
    422.
records.patch | documented | 4.6 | PATCH changes the named cells only, PUT empties the others.
records.upsert | derived | 4.6 | A merge changes the record with the same key, and creates it if there is
    none.
records.deleted | documented | 4.6 | A deleted record is 404.
records.unknown | assumed | 4.6 | An unknown record is 404; in a call with several, 422.

# lists
list.pages | documented | 4.6 | Pages put together are all records; the last one has no offset.
list.page-size | documented | 4.6 | pageSize goes up to 100: else 422.
list.max | documented | 4.6 | maxRecords bounds all pages together.
list.sort | documented | 4.6 | sort orders by a column, either way.
list.fields | documented | 4.6 | fields[] keeps the columns that it names.
list.formula | documented | 4.6 | filterByFormula chooses what its formula says.
list.bad-formula | documented | 4.6 | A formula that does not parse, or names an unknown field, is 422.
list.post | derived | 4.6 | listRecords answers what GET answers.

# cells
cells.empty | documented | 4.6 | Empty cells are absent from fields.
cells.type | documented | 4.6 | Without typecast a string in a number column is 422
    INVALID_VALUE_FOR_COLUMN.
cells.typecast | documented | 4.6 | With typecast it becomes a number.
cells.unknown | derived | 4.6 | An unknown column is 422 UNKNOWN_FIELD_NAME.
body.no-json | documented | 4.6 | A body that is no JSON is 400, one without fields 422.
"""

_TENCENT_DOCS = """\
# every response
http.answered | assumed | 4.7 | Every call is answered, in time.
http.json | assumed | 4.7 | Every body is a JSON object.
http.ret | assumed | 4.7 | ret is an integer, msg words; data comes with ret 0 only.
shape.success | assumed | 4.7 | What is asked rightly is HTTP 200 with ret 0.
shape.records | assumed | 4.7 | Records have recordID and values.
shape.sheets | assumed | 4.7 | Sheets have sheetID and title.
shape.token | documented | 4.7 | A token comes with expires_in of 2592000, refresh_token, scope and user_id.

# calls
auth.missing | assumed | 4.7 | A call without Access-Token is refused with another ret.
sheets.listed | assumed | 4.7 | The sheet is in the list of the sheets of its file.
sheets.unknown | assumed | 4.7 | An unknown operation is refused with another ret.
records.added | assumed | 4.7 | Added records are got by recordIDs, with the same cells.
records.order | assumed | 4.7 | Records come in the order in which they were added, in pages with hasMore.
records.updated | assumed | 4.7 | An update changes the named cells only.
records.deleted | assumed | 4.7 | A deleted record is not got again.
cells.text | assumed | 4.7 | A text is an array of objects with type text; a number is a number.
cells.wrong | assumed | 4.7 | A wrong type and an unknown column are refused with another ret.

# OAuth
oauth.consent | documented | 4.7 | Consent sends the browser back to redirect_uri, with a code and the state.
oauth.code | documented | 4.7 | A code gives one token; used again it is 401.
oauth.refresh | assumed | 4.7 | A refresh token gives another token of the same user.
oauth.user | assumed | 4.7 | userinfo answers the user of the token as openID.
oauth.client | assumed | 4.7 | A wrong secret gets no token, but 400 or 401.
oauth.grant | assumed | 4.7 | A code that was not issued, and an unknown grant_type, get 400 or 401.
"""

_WECOM = """\
# every response
http.answered | documented | 4.7 | Every call is answered, in time.
http.json | documented | 4.7 | Every body is a JSON object.
http.errcode | documented | 4.7 | errcode is an integer, errmsg a text; it is ok with errcode 0 only.
shape.success | documented | 4.7 | A correct request is HTTP 200 with errcode 0.
shape.token | documented | 4.7 | A token comes with expires_in of up to 7200 seconds.
shape.records | documented | 4.7 | Added records are under records, with record_id and values.

# tokens
token.same | derived | 4.7 | The same token is issued again while it is valid.
token.secret | documented | 4.7 | A wrong corpsecret has errcode 40001.
auth.missing | documented | 4.7 | A call without access_token has errcode 41001.
auth.bad-token | documented | 4.7 | A token that was not issued has errcode 40014.

# records
records.added | documented | 4.7 | Records are added by titles of fields; the response
    has the same cells.
records.ids | documented | 4.7 | Each record that was added has an id of its own.
records.unknown | assumed | 4.7 | An unknown docid is refused with another errcode.
records.parameters | assumed | 4.7 | A body without docid, or without records, is refused with another
    errcode.
cells.wrong | assumed | 4.7 | A wrong type and an unknown title are refused with another errcode.
"""

FEISHU = table("feishu", _FEISHU)
AIRTABLE = table("airtable", _AIRTABLE)
TENCENT_DOCS = table("tencent_docs", _TENCENT_DOCS)
WECOM = table("wecom", _WECOM)
