"""A stand-in for an account of Snowflake, for the tests: its SQL API in front of the emulator fakesnow.

The emulator understands Snowflake's SQL. What it lacks is here: the SQL API (version 2) with its signed tokens, its
statements that take a while, its results in parts, and an account with users, roles and warehouses. Where the emulator
is kinder than Snowflake, this is not: doubles lose digits on their way unless they were asked for as text, and every
part of a result after the first is compressed. Where the emulator forgets which characters to trim, this reminds it.

Usage: sql_api.py FOLDER. In the folder it leaves two private keys, the user's in `key.p8` and one that nobody knows in
`strange.p8`, and at last its port in `port`. Tests speak to it by `POST /test/…`, which needs no token. It ends with its
standard input.
"""

import asyncio
import base64
import gzip
import hashlib
import json
import logging
import pathlib
import re
import sys
import threading
import uuid
import warnings

import jwt
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fakesnow.instance import FakeSnow
from fakesnow.rowtype import describe_as_rowtype
from snowflake.connector.errors import Error
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

warnings.filterwarnings("ignore")
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

FOLDER = pathlib.Path(sys.argv[1])
ACCOUNT, USER, ROLES, WAREHOUSES = "GRID-TEST", "GRIDSPARK", {"READER", "STRANGER"}, {"SMALL"}
ACCESS_TOKEN = "a-programmatic-access-token"
DATABASE, SCHEMA = "METEN", "PUBLIC"

# White space, and what may stand around the name of a unit.
TRIM = re.compile(r"""\bTRIM\(([^\s()]+), '(\s+(?:\[\]\(\)\{\}"'')?)'\)""")

emulator = FakeSnow()
emulator_lock = threading.Lock()


def new_key(name):
    """Makes a key pair; the private key is left in the folder."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (FOLDER / name).write_bytes(key.private_bytes(*form))
    return key.public_key()


public_key = new_key("key.p8")
new_key("strange.p8")

statements = {}  # by handle
handles = {}  # of requests that were seen already, by their id
seen = {"submitted": 0, "executed": 0, "repeated": 0, "polled": 0, "parts": 0, "cancelled": [], "kinds": []}
faults = {
    "rows_a_part": 10_000,
    "polls": 0,  # how often a statement answers that it is still running
    "never_ends": False,
    "times_out": False,
    "lose_submissions": 0,  # so many requests are carried out, and their answers lost
    "busy": 0,  # so many requests are refused for being too many
    "broken_from_part": None,  # from this part on the connection breaks off
    "short_part": None,  # this part lacks a row
}


def refusal(status, code, message, sql_state=None, handle=None):
    body = {"code": code, "message": message, "sqlState": sql_state, "statementHandle": handle}
    return JSONResponse({key: value for key, value in body.items() if value is not None}, status_code=status)


def fingerprint():
    encoding = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.sha256(public_key.public_bytes(*encoding)).digest()
    return "SHA256:" + base64.b64encode(digest).decode()


def not_let_in(request):
    """Why the request's token is refused, or nothing."""
    kind = request.headers.get("x-snowflake-authorization-token-type")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if kind not in seen["kinds"]:
        seen["kinds"].append(kind)
    if scheme == "Bearer" and kind == "PROGRAMMATIC_ACCESS_TOKEN":
        if token == ACCESS_TOKEN:
            return None
        return refusal(401, "394400", "Programmatic access token is invalid.")
    try:
        options = {"require": ["exp", "iat", "iss", "sub"]}
        claims = jwt.decode(token, public_key, algorithms=["RS256"], options=options)
        if claims["sub"] != f"{ACCOUNT}.{USER}" or claims["iss"] != f"{ACCOUNT}.{USER}.{fingerprint()}":
            raise jwt.InvalidTokenError("subject or issuer")
        if claims["exp"] - claims["iat"] > 3600:
            raise jwt.InvalidTokenError("good for too long")
    except jwt.InvalidTokenError:
        return refusal(401, "390144", f"JWT token is invalid. [{uuid.uuid4()}]")
    return None


def not_allowed(body):
    """Why the surroundings of a statement are refused, or nothing."""
    handle = str(uuid.uuid4())
    if body.get("role") not in ROLES:
        message = f"Role '{body.get('role')}' specified in the connect string does not exist or not authorized."
        return refusal(422, "390186", message, "08004", handle)
    if body.get("warehouse") not in WAREHOUSES:
        return refusal(422, "000606", "No active warehouse selected in the current session.", "57P03", handle)
    if body.get("database") != DATABASE:
        message = f"SQL compilation error:\nDatabase '{body.get('database')}' does not exist or not authorized."
        return refusal(422, "002003", message, "02000", handle)
    if body["role"] == "STRANGER" and "FROM" in body["statement"]:
        message = "SQL access control error:\nInsufficient privileges to operate on table 'MEASUREMENTS'"
        return refusal(422, "003001", message, "42501", handle)
    return None


def as_sent(value, kind):
    """A value as the API sends it: null, or text."""
    if value is None:
        return None
    if kind == "real":
        return f"{value:.9g}"
    return str(value)


def execute(sql, texts=()):
    """The columns and rows of a statement."""
    sql = TRIM.sub(r"TRIM_OF(\1, '\2')", sql)
    with emulator_lock:
        cursor = emulator.connect(DATABASE, SCHEMA).cursor()
        cursor.execute(sql, binding_params=tuple(texts) or None, server=True)
        columns = describe_as_rowtype(cursor._describe_last_sql())
        rows = cursor.fetchall()
    kinds = [column["type"] for column in columns]
    return columns, [[as_sent(value, kind) for value, kind in zip(row, kinds)] for row in rows]


async def submit(request):
    if refused := not_let_in(request):
        return refused
    seen["submitted"] += 1
    if faults["busy"] > 0:
        faults["busy"] -= 1
        return refusal(429, "390505", "Too many requests.")
    body = json.loads(await request.body())
    identity = uuid.UUID(request.query_params["requestId"])
    if identity in handles:
        seen["repeated"] += 1
        return await answer(request, handles[identity], 0)
    if refused := not_allowed(body):
        return refused
    handle = handles[identity] = str(uuid.uuid4())
    bindings = body.get("bindings", {})
    texts = [bindings[str(place + 1)]["value"] for place in range(len(bindings))]
    seen["executed"] += 1
    is_query = request.query_params.get("async") == "true" and "GROUP BY" in body["statement"]
    polls = faults["polls"] if is_query else 0
    statement = {"polls": 10**9 if is_query and faults["never_ends"] else polls, "limit": body.get("timeout", 0)}
    statement["times_out"] = is_query and faults["times_out"]
    statements[handle] = statement
    try:
        statement["columns"], statement["rows"] = await run_in_threadpool(execute, body["statement"], texts)
    except Error as error:
        sql_state = "42S02" if "does not exist" in str(error.msg) else error.sqlstate
        statement["failed"] = refusal(422, f"{error.errno:06d}", error.msg, sql_state, handle)
    if faults["lose_submissions"] > 0:
        faults["lose_submissions"] -= 1
        raise ConnectionAbortedError
    return await answer(request, handle, 0)


async def answer(request, handle, number):
    """What is to be said of a statement now: that it is running, how it failed, or a part of its result."""
    statement = statements[handle]
    if statement["polls"] > 0:
        statement["polls"] -= 1
        message = "Asynchronous execution in progress. Use provided query id to perform query monitoring."
        return refusal(202, "333334", message, None, handle)
    if statement["times_out"]:
        message = f"Statement reached its statement or warehouse timeout of {statement['limit']} second(s)."
        return refusal(422, "000630", message, "57014", handle)
    if "failed" in statement:
        return statement["failed"]
    size = faults["rows_a_part"]
    rows = statement["rows"]
    parts = [rows[start : start + size] for start in range(0, len(rows), size)] or [[]]
    part = parts[number]
    if faults["broken_from_part"] is not None and number >= faults["broken_from_part"]:
        raise ConnectionAbortedError
    if faults["short_part"] == number:
        part = part[:-1]
    if number:
        seen["parts"] += 1
        packed = gzip.compress(json.dumps({"data": part}).encode())
        return Response(packed, media_type="application/json", headers={"content-encoding": "gzip"})
    described = {
        "numRows": len(rows),
        "format": "jsonv2",
        "rowType": statement["columns"],
        "partitionInfo": [{"rowCount": len(part)} for part in parts],
    }
    message = "Statement executed successfully."
    body = {"code": "090001", "message": message, "statementHandle": handle, "data": part}
    return JSONResponse(body | {"resultSetMetaData": described})


async def status(request):
    if refused := not_let_in(request):
        return refused
    seen["polled"] += 1
    return await answer(request, request.path_params["handle"], int(request.query_params.get("partition", 0)))


async def cancel(request):
    if refused := not_let_in(request):
        return refused
    seen["cancelled"].append(request.path_params["handle"])
    return JSONResponse({"code": "000604", "message": "successfully canceled."})


async def test_execute(request):
    await run_in_threadpool(execute, (await request.body()).decode())
    return JSONResponse({})


async def test_take_file(request):
    """Puts the rows of a Parquet file into the table of readings."""

    def take(path):
        with emulator_lock:
            connection = emulator.connect(DATABASE, SCHEMA)
            columns = "BOXID, CHANNELID, WAARDE, DATUMTIJD"
            table = f"{DATABASE}.{SCHEMA}.MEASUREMENTS"
            connection._duck_conn.execute(f"INSERT INTO {table} SELECT {columns} FROM read_parquet('{path}')")

    await run_in_threadpool(take, (await request.body()).decode())
    return JSONResponse({})


async def test_faults(request):
    faults.update(json.loads(await request.body()))
    return JSONResponse({})


async def test_seen(request):
    return JSONResponse(seen)


async def breaks_off(request, _):
    """Ends the connection without an answer."""
    request.scope["gridspark.transport"].abort()
    return Response(status_code=500)


class Transport(H11Protocol):
    """Lets a handler get at its connection."""

    def connection_made(self, transport):
        inner = self.app

        async def app(scope, receive, send):
            scope["gridspark.transport"] = transport
            await inner(scope, receive, send)

        self.app = app
        super().connection_made(transport)


routes = [
    Route("/api/v2/statements", submit, methods=["POST"]),
    Route("/api/v2/statements/{handle}", status),
    Route("/api/v2/statements/{handle}/cancel", cancel, methods=["POST"]),
    Route("/test/execute", test_execute, methods=["POST"]),
    Route("/test/take-file", test_take_file, methods=["POST"]),
    Route("/test/faults", test_faults, methods=["POST"]),
    Route("/test/seen", test_seen, methods=["POST"]),
]


class Server(uvicorn.Server):
    """Tells its port once it listens."""

    async def startup(self, sockets=None):
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        unfinished = FOLDER / "port.unfinished"
        unfinished.write_text(str(port))
        unfinished.rename(FOLDER / "port")


def end_with_parent():
    """The test program holds our standard input open while it lives."""
    sys.stdin.read()
    server.should_exit = True


execute(f"CREATE SCHEMA IF NOT EXISTS {DATABASE}.{SCHEMA}")
columns = "BOXID VARCHAR, CHANNELID VARCHAR, WAARDE DOUBLE, DATUMTIJD TIMESTAMP_TZ"
execute(f"CREATE TABLE MEASUREMENTS ({columns})")
macro = f"CREATE MACRO {DATABASE}.{SCHEMA}.TRIM_OF(value, characters) AS trim(value, characters)"
emulator.connect(DATABASE, SCHEMA)._duck_conn.execute(macro)
app = Starlette(routes=routes, exception_handlers={ConnectionAbortedError: breaks_off})
config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", http=Transport, ws="none", lifespan="off")
server = Server(config)
threading.Thread(target=end_with_parent, daemon=True).start()
asyncio.run(server.serve())
