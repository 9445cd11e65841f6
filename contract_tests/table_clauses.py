"""Clauses about the table services: Feishu, Airtable, Tencent Docs and WeCom.

For the words for standing see `mockcbs.contract_tests.clauses`; observed behaviour of a live service
counts as *derived*. The source of a clause is a section of docs/contract/coze.md.
"""

from mockcbs.contract.ledger import table

_FEISHU = """\
# every response
http.answered | derived | 4.1.2 | Every request gets a response within the timeout.
http.json | derived | 4.1.2 | Every body is a JSON object, for every status.
http.logid | derived | 4.1.1 | Every response has the header X-Tt-Logid in exactly this spelling.
http.code | documented | 4.1.1 | code is an integer.
http.success | documented | 4.1.1 | A successful response is HTTP 200 with code 0 and msg success or ok.
http.failure | documented | 4.1.1 | An error response has a msg with text; error.log_id equals X-Tt-Logid.
shape.success | documented | 4.1.1 | A valid request returns HTTP 200 with code 0.
shape.once | derived | 4.3.3 | A list contains each item once.
shape.written | documented | 4.3.2 | Every response contains records, fields, views and tables as they were
    written; the response to a write has them in the order of the request.
shape.token | documented | 4.2 | The token is at the same level as code; expire is at most 7200 s.
shape.base | derived | 4.3.3 | A Base has app_token and name.
shape.tables | derived | 4.3.3 | The list of tables has items, has_more and total; a table has an id, a name
    and a revision.
shape.table | documented | 4.3.3 | A new table has table_id, default_view_id and field_id_list.
shape.fields | derived | 4.3.3 | The list of fields has all members that the SDKs read, including is_primary
    and ui_type.
shape.field | derived | 4.3.3 | A new field is returned as field.
shape.views | derived | 4.3.3 | The list of views has all members that the SDKs read.
shape.view | derived | 4.3.3 | A view is returned as view, with id, name and type.
shape.record | documented | 4.3.1 | A record is returned as record, with record_id and fields.
shape.records | documented | 4.3.2 | Several records are returned as records.
shape.record-page | documented | 4.3.2 | A page of records has items (an array), has_more and total.
shape.deleted | documented | 4.3.2 | Deleting returns deleted and record_id.
shape.message | documented | 4.4 | A message has all members that the SDKs read; its times are strings in ms.
shape.chats | derived | 4.4 | The list of chats has items, has_more and page_token.

# who may call
token.same | documented | 4.2 | A token with at least 30 minutes left is issued again.
token.bare | derived | 4.1.2, 4.2 | The token request works without Content-Type, and with a slash at the end
    of the path.
token.secret | documented | 4.2 | A wrong secret returns HTTP 200 with code 10014, a missing member code
    10003.
auth.missing | derived | 4.1.3 | A request without a token, or without Bearer, returns 400 with code 99991661.
auth.bad-token | derived | 4.1.3 | An invalid tenant token returns 400 with code 99991663.
auth.user-token | derived | 4.1.3 | An invalid user token returns 400 with code 99991668.
auth.first | derived | 4.1.3 | The token is checked before parameters and body.
auth.unknown-path | derived | 4.1.3 | An unknown path returns 404.

# Bases, tables, fields, views
bases.unknown | documented | 4.3.6 | An unknown Base returns code 1254040, an unknown table 1254041.
tables.listed | documented | 4.3.3 | A table is listed with its name until it is deleted; its view is
    default_view_id.
fields.made | documented | 4.3.3 | A new table has the given fields in order, with the ids of
    field_id_list; the first is primary; later fields follow.
fields.duplicate | documented | 4.3.6 | A second field with the same name returns code 1254014.
views.answer | derived | 4.3.3 | Views can be created, renamed and deleted; the response has the view in
    data.view.
views.filter | derived | 4.3.3 | Reading records with view_id applies the filter of the view.

# records
records.created | documented | 4.3.2 | A new record can be read by its id, with the same cells.
records.client-token | documented | 4.3.2 | A repeated client_token returns the same record and creates no
    other.
records.batch | documented | 4.3.2 | A batch creates all of its records or none.
records.batch-limit | documented | 4.3.2 | More than 1,000 records in one request return code 1254104.
records.updated | documented | 4.3.2 | An update changes only the named columns; null clears a cell.
records.deleted | documented | 4.3.2 | A deleted record returns code 1254043, whether it was deleted alone or
    in a batch.
records.batch-get | documented | 4.3.2 | batch_get returns the ids of absent records.
records.pages | documented | 4.3.2 | The pages together contain all records; total is their number.
records.page-size | documented | 4.3.2 | page_size is at most 500, by default 20.
records.no-json | documented | 4.3.6 | A body that is not JSON returns code 1254000, one without fields
    1254001.
records.field-names | documented | 4.3.6 | An unknown column in fields, sort or filter returns code 1254045.

# cells
cells.read | documented | 4.3.4 | Cells of each type are read as they were written.
cells.segments | documented | 4.3.4 | search returns text as segments, list and create return it as a string.
cells.text-as-array | documented | 4.3.2 | With text_field_as_array list returns segments, too.
cells.empty | documented | 4.3.1 | fields has no empty cells.
cells.text | documented | 4.3.6 | A number in a text column returns code 1254060.
cells.number | documented | 4.3.6 | A string in a number column returns code 1254061.
cells.selects | documented | 4.3.6 | A wrong value returns code 1254062 for a single select and 1254063 for a
    multi select.
cells.date | documented | 4.3.6 | A string in a date column returns code 1254064.
cells.checkbox | documented | 4.3.6 | A string in a checkbox column returns code 1254065.
cells.option | documented | 4.3.4 | An unknown option of a select is created.

# filters
search.number | documented | 4.3.5 | All operators work on numbers; isGreater and isLess exclude the limit
    itself.
search.text | documented | 4.3.5 | is, isNot, contains and doesNotContain work on text.
search.empty | documented | 4.3.5 | isEmpty and isNotEmpty distinguish empty cells from others.
search.date | documented | 4.3.5 | is, isGreater and isLess work on dates with ExactDate.
search.conjunction | documented | 4.3.5 | and, or and one level of children can be combined.
search.operator | documented | 4.3.5 | An operator that does not fit the type returns code 1254018 or 1254000.
search.sort | documented | 4.3.2 | sort orders records by a column; desc reverses the order.
search.fields | documented | 4.3.2 | field_names selects the returned columns.
list.formula | documented | 4.3.5 | A formula in list selects the same records as the equal filter in search.
list.sort | documented | 4.3.2 | sort and field_names of list are JSON arrays in a string.

# messages
messages.sent | documented | 4.4 | A text message can be sent; the response has the same content, the app as
    sender, and the current time.
messages.uuid | documented | 4.4 | A repeated uuid returns the same message.
messages.wrong | documented | 4.4 | A wrong type of receiver or message returns 400 with code 230001.
hooks.sent | documented | 4.5 | A custom bot accepts text, post and card; it returns code 0 and StatusCode 0.
hooks.wrong | documented | 4.5 | A body without a known msg_type returns code 9499.
"""

_AIRTABLE = """\
# every response
http.answered | derived | 4.6 | Every request gets a response within the timeout.
http.json | derived | 4.6 | Every body is a JSON object, for every status.
http.success | derived | 4.6 | A successful response is HTTP 200 and has no error.
http.failure | documented | 4.6 | error is an object with type and message, a string, or a list.
shape.success | derived | 4.6 | A valid request returns HTTP 200.
shape.once | derived | 4.6 | A list contains each item once.
shape.written | derived | 4.6 | Every response contains records with the cells that were written and
    their time of creation; the response to a write has them in the order of the request.
shape.record | derived | 4.6 | A record has id, createdTime and fields.
shape.records | derived | 4.6 | A list has records, and offset unless it is the last page.
shape.deleted | derived | 4.6 | Deleting returns id and deleted.
shape.upserted | derived | 4.6 | An upsert returns createdRecords and updatedRecords beside records.
shape.bases | derived | 4.6 | A base has id, name and permissionLevel.
shape.tables | derived | 4.6 | A table has id, name, primaryFieldId, fields and views.
shape.user | derived | 4.6 | whoami returns an id.

# who may call
auth.missing | documented | 4.6 | A request without a token returns 401 AUTHENTICATION_REQUIRED.
auth.bad-token | documented | 4.6 | An invalid token returns 401 AUTHENTICATION_REQUIRED.
auth.unknown | documented | 4.6 | An unknown base returns 403 INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND or 404.
auth.unknown-path | derived | 4.6 | An unknown path returns 404; error is the string NOT_FOUND.
bases.listed | derived | 4.6 | The base is listed, and its table with its columns.

# records
records.created | derived | 4.6 | A new record can be read by its id, with the same cells.
records.time | documented | 4.6 | createdTime is ISO 8601 in UTC with milliseconds and Z: the time of
    creation.
records.ids | documented | 4.6 | The id of a record is rec followed by 14 letters or digits.
records.many | documented | 4.6 | One request creates, changes or deletes up to ten records; eleven return
    422.
records.patch | documented | 4.6 | PATCH changes only the named cells; PUT clears the others.
records.upsert | derived | 4.6 | An upsert changes the record with the same key, or creates it if there is
    none.
records.deleted | documented | 4.6 | A deleted record returns 404.
records.unknown | assumed | 4.6 | An unknown record returns 404; in a request with several records, 422.

# lists
list.pages | documented | 4.6 | The pages together contain all records; the last page has no offset.
list.page-size | documented | 4.6 | pageSize is at most 100; a larger value returns 422.
list.max | documented | 4.6 | maxRecords limits the number of records in all pages together.
list.sort | documented | 4.6 | sort orders by a column in either direction.
list.fields | documented | 4.6 | fields[] selects the returned columns.
list.formula | documented | 4.6 | filterByFormula selects the records for which the formula is true.
list.bad-formula | documented | 4.6 | A formula with a syntax error or an unknown field returns 422.
list.post | derived | 4.6 | listRecords returns the same records as GET.

# cells
cells.empty | documented | 4.6 | fields has no empty cells.
cells.type | documented | 4.6 | Without typecast a string in a number column returns 422
    INVALID_VALUE_FOR_COLUMN.
cells.typecast | documented | 4.6 | With typecast a string in a number column becomes a number.
cells.unknown | derived | 4.6 | An unknown column returns 422 UNKNOWN_FIELD_NAME.
body.no-json | documented | 4.6 | A body that is not JSON returns 400, one without fields 422.
"""

_TENCENT_DOCS = """\
# every response
http.answered | assumed | 4.7 | Every request gets a response within the timeout.
http.json | assumed | 4.7 | Every body is a JSON object.
http.ret | assumed | 4.7 | ret is an integer and msg a text; data is present only if ret is 0.
shape.success | assumed | 4.7 | A valid request returns HTTP 200 with ret 0.
shape.once | derived | 4.7 | A list contains each item once.
shape.written | assumed | 4.7 | Every response contains records with the cells that were written; the
    response to a write has them in the order of the request.
shape.deleted | assumed | 4.7 | Deleting returns recordIDs, the ids of the deleted records.
shape.user | documented | 4.7 | A user has openID, nick, avatar, source and unionID.
shape.records | assumed | 4.7 | Records have recordID and values.
shape.sheets | assumed | 4.7 | Sheets have sheetID and title.
shape.token | documented | 4.7 | A token response has expires_in of 2592000 s, refresh_token, scope and
    user_id.

# calls
auth.missing | assumed | 4.7 | A request without Access-Token returns a ret other than 0.
sheets.listed | assumed | 4.7 | The list of sheets of a file includes the sheet.
sheets.unknown | assumed | 4.7 | An unknown operation returns a ret other than 0.
records.added | assumed | 4.7 | Added records can be read by recordIDs, with the same cells.
records.order | assumed | 4.7 | Records are returned in the order of their creation, in pages with hasMore.
records.updated | assumed | 4.7 | An update changes only the named cells.
records.deleted | assumed | 4.7 | A deleted record is no longer returned.
cells.text | assumed | 4.7 | A text is an array of objects with type text; a number is a JSON number.
cells.wrong | assumed | 4.7 | A value of a wrong type and an unknown column return a ret other than 0.

# OAuth
oauth.consent | documented | 4.7 | After consent the browser is redirected to redirect_uri with a code and the
    state.
oauth.code | documented | 4.7 | A code returns one token; a used code returns 401.
oauth.refresh | assumed | 4.7 | A refresh token returns another token of the same user.
oauth.user | assumed | 4.7 | userinfo returns the user of the token as openID.
oauth.client | assumed | 4.7 | A wrong secret returns 400 or 401.
oauth.grant | assumed | 4.7 | An unknown code and an unknown grant_type return 400 or 401.
"""

_WECOM = """\
# every response
http.answered | documented | 4.7 | Every request gets a response within the timeout.
http.json | documented | 4.7 | Every body is a JSON object.
http.errcode | documented | 4.7 | errcode is an integer and errmsg a text; errmsg is ok if, and only if,
    errcode is 0.
shape.success | documented | 4.7 | A valid request returns HTTP 200 with errcode 0.
shape.once | derived | 4.7 | A list contains each item once.
shape.token | documented | 4.7 | A token response has expires_in of at most 7200 s.
shape.records | documented | 4.7 | Added records are returned as records, with record_id and values.

# tokens
token.same | derived | 4.7 | The same token is issued again while it is valid.
token.secret | documented | 4.7 | A wrong corpsecret returns errcode 40001.
auth.missing | documented | 4.7 | A request without access_token returns errcode 41001.
auth.bad-token | documented | 4.7 | An unknown token returns errcode 40014.

# records
records.added | documented | 4.7 | Records are added by the titles of their fields; the response has the same
    cells.
records.ids | documented | 4.7 | Each added record has a new id.
records.unknown | assumed | 4.7 | An unknown docid returns an errcode other than 0.
records.parameters | assumed | 4.7 | A body without docid or without records returns an errcode other than 0.
cells.wrong | assumed | 4.7 | A value of a wrong type and an unknown title return an errcode other than 0.
"""

FEISHU = table("feishu", _FEISHU)
AIRTABLE = table("airtable", _AIRTABLE)
TENCENT_DOCS = table("tencent_docs", _TENCENT_DOCS)
WECOM = table("wecom", _WECOM)
