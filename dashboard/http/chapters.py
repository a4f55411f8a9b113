"""The description of the API, cut into chapters for the page that people read."""

from dataclasses import dataclass

from dashboard.lib.shapes import Schema


@dataclass(frozen=True)
class Door:
    """One operation as the page shows it; doors that differ in nothing but the method stand together."""

    id: str
    methods: list[str]
    path: str
    operation: Schema
    queries: Schema | None
    body: Schema | None
    under: str | None
    answer: Schema | None
    status: str


@dataclass(frozen=True)
class Chapter:
    id: str
    name: str
    doors: list[Door]


def chapters(told: Schema) -> list[Chapter]:
    """The document's operations by their tags, for a page."""
    found: dict[str, dict[str, Door]] = {}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            doors = found.setdefault(operation["tags"][0], {})
            same = operation["operationId"].rpartition(".")[0]
            if same in doors:
                doors[same].methods.append(method.upper())
            else:
                doors[same] = _door(method.upper(), path, operation)
    return [
        Chapter(name.lower().replace(" ", "-"), name, list(doors.values()))
        for name, doors in sorted(found.items())
    ]


def refusals(told: Schema) -> Schema:
    """What each status of an error means."""
    errors: Schema = told["paths"]["/api/v1/profile"]["put"]["responses"]
    return {status: answer for status, answer in errors.items() if int(status) >= 400}


def shared(schema: Schema, told: Schema) -> Schema:
    """The schema itself, where it is only named."""
    if "$ref" not in schema:
        return schema
    found: Schema = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _door(method: str, path: str, operation: Schema) -> Door:
    queries = {each["name"]: each["schema"] for each in operation["parameters"] if each["in"] == "query"}
    status, good = next(iter(operation["responses"].items()))
    body, under = _schema_of(operation.get("requestBody", {})), None
    if body and "anyOf" in body:
        under, body = body["anyOf"][0]["required"][0], body["anyOf"][1]
    return Door(
        id=operation["operationId"].replace(".", "-"),
        methods=[method],
        path=path,
        operation=operation,
        queries={"type": "object", "properties": queries} if queries else None,
        body=body,
        under=under,
        answer=_schema_of(good),
        status=status,
    )


def _schema_of(part: Schema) -> Schema | None:
    found: Schema | None = part.get("content", {}).get("application/json", {}).get("schema")
    return found
