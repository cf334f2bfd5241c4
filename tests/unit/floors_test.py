"""Rooms stay rooms: every room has a floor and includes only rooms below it, and a heavy library stays in the .cpp files of
the rooms that it was brought in for.

Reads src/floors.txt and every #include under src/.
"""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src"
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)

# Which rooms may use a library that costs seconds of compile time for each include, by the beginning of its headers.
HEAVY = {
    "boost/beast": {"http"},
    "boost/asio/ssl": {"http"},
    "openssl/": {"http", "outbound"},
    "spdlog/": {"base"},
    "sqlite3.h": {"store"},
    "re2/": {"spec", "packages"},
    "CLI/": {"server", "cli"},
    "toml++/": {"server", "cli"},
    "yaml-cpp/": {"training"},
    "simdjson.h": {"outbound", "events"},
    "date/": {"schedule", "outbound"},
    "sodium.h": {"base", "identity", "vault", "outbound", "runtime"},
}
# Headers that may include one all the same: each is private to its room, and a door of the room does not include it.
PRIVATE_HEADERS = {
    "http/parser.hpp": "the sessions and exchanges of the room hold the Beast parser as a value",
    "http/connection.hpp": "a connection is a socket with or without TLS, held as a value",
    "spec/json_schema_program.hpp": "a compiled schema holds its compiled patterns",
}


def floors():
    found = {}
    for line in (SOURCES / "floors.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            floor, *rooms = line.split()
            for room in rooms:
                assert room not in found, f"src/floors.txt has the room {room} twice"
                found[room] = int(floor)
    return found


FLOORS = floors()
FILES = sorted(file for file in SOURCES.rglob("*") if file.suffix in (".cpp", ".hpp"))


def includes_of(file):
    for quoted, angled in INCLUDE.findall(file.read_text(encoding="utf-8")):
        yield quoted or angled


def room_of(file):
    return file.relative_to(SOURCES).parts[0]


def is_test(file):
    return file.stem.endswith(("_test", "_bench", "_fuzz")) or file.stem == "testing"


def test_every_room_has_a_floor_and_every_floor_only_rooms():
    folders = {folder.name for folder in SOURCES.iterdir() if folder.is_dir()}
    assert folders == set(FLOORS)


@pytest.mark.parametrize("room", sorted(FLOORS))
def test_a_room_includes_only_rooms_below_it(room):
    wrong = []
    for file in FILES:
        if room_of(file) != room:
            continue
        for header in includes_of(file):
            other = header.split("/")[0]
            if other in FLOORS and "/" in header and other != room and FLOORS[other] >= FLOORS[room]:
                wrong.append(f"{file.relative_to(SOURCES)} includes {header}: floor {FLOORS[other]} from floor {FLOORS[room]}")
    assert not wrong, "\n".join(wrong)


def test_every_include_of_ours_names_room_and_file_that_are_there():
    wrong = [
        f"{file.relative_to(SOURCES)}: {header}"
        for file in FILES
        for header in includes_of(file)
        if header.split("/")[0] in FLOORS and header.endswith(".hpp") and not (SOURCES / header).exists()
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", sorted(HEAVY))
def test_a_heavy_library_stays_where_it_belongs(library):
    wrong = []
    for file in FILES:
        name = str(file.relative_to(SOURCES))
        if not any(header.startswith(library) for header in includes_of(file)):
            continue
        if room_of(file) not in HEAVY[library] and not is_test(file):
            wrong.append(f"{name} includes {library}, which belongs to {', '.join(sorted(HEAVY[library]))}")
        if file.suffix == ".hpp" and name not in PRIVATE_HEADERS:
            wrong.append(f"{name} is a header and includes {library}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("header", sorted(PRIVATE_HEADERS))
def test_a_header_with_a_heavy_library_is_used_in_its_room_only(header):
    users = [file for file in FILES if header in includes_of(file)]
    assert users, f"nobody includes {header}"
    strangers = [str(file.relative_to(SOURCES)) for file in users if room_of(file) != header.split("/")[0]]
    assert not strangers
