"""The compiled programs of Go functions: files in the data folder, for one function each, made again when they are gone."""

import shutil
import sqlite3

from support.functions import deploy, run_server


def says(text):
    return f'package says\nfunc say() string {{ return "{text}" }}'


def programs_of(polyd):
    return {file.name: file for file in (polyd.data / "programs").iterdir()}


def test_a_program_is_a_file_that_the_revision_names(start_polyd):
    polyd = start_polyd()
    admin = polyd.client()
    assert run_server(admin, deploy(admin, "say", says("one"), "go")).text == "one"
    assert run_server(admin, deploy(admin, "say", says("one"), "go", context="again")).text == "one"
    assert run_server(admin, deploy(admin, "say", says("two"), "go", context="other")).text == "two"
    programs = programs_of(polyd)
    assert len(programs) == 2
    assert all(file.read_bytes().startswith(b"\x7fELF") for file in programs.values())
    assert {file.stat().st_mode & 0o077 for file in [polyd.data / "programs", *programs.values()]} == {0}
    polyd.stop_well()
    with sqlite3.connect(polyd.data / "openpoly.db") as database:
        (named, size) = database.execute("SELECT detail ->> 'runnable', max(length(detail)) FROM function_revisions").fetchone()
    assert named in programs
    assert size < 10_000


def test_a_rollback_runs_the_program_that_was_kept(start_polyd):
    polyd = start_polyd()
    admin = polyd.client()
    function = deploy(admin, "say", says("old"), "go")
    admin.post("/functions/server", {"name": "say", "context": "scenario", "language": "go", "code": says("new")})
    before = {name: file.stat().st_mtime_ns for name, file in programs_of(polyd).items()}
    assert admin.post(f"/functions/server/{function}/rollback").status == 200
    assert run_server(admin, function).text == "old"
    assert {name: file.stat().st_mtime_ns for name, file in programs_of(polyd).items()} == before


def test_a_program_that_was_lost_is_made_again_by_the_first_call(start_polyd):
    polyd = start_polyd()
    function = deploy(polyd.client(), "say", says("here"), "go")
    lost = set(programs_of(polyd))
    polyd.stop_well()
    shutil.rmtree(polyd.data / "programs")
    again = polyd.restart()
    assert run_server(again.client(), function).text == "here"
    assert set(programs_of(again)) == lost
    again.stop_well()


def test_a_program_that_is_none_is_an_error_of_the_call_and_a_deploy_repairs_it(start_polyd):
    polyd = start_polyd()
    function = deploy(polyd.client(), "say", says("well"), "go")
    polyd.stop_well()
    (program,) = programs_of(polyd).values()
    program.write_bytes(b"no program")
    again = polyd.restart()
    admin = again.client()
    answer = run_server(admin, function)
    assert answer.status == 500
    assert "the program cannot be started" in answer.message
    assert deploy(admin, "say", says("well"), "go", note="once more") == function
    assert run_server(admin, function).text == "well"
    again.stop_well()


def test_a_function_sees_no_programs_but_runs_its_own(start_polyd):
    polyd = start_polyd()
    admin = polyd.client()
    looks = f"""package looks
import ("os"; "strings")
func look() string {{
\tmaps, _ := os.ReadFile("/proc/self/maps")
\tif _, err := os.ReadDir("{polyd.data / "programs"}"); err == nil {{ return "it may look" }}
\tif strings.Contains(string(maps), "programs/") {{ return "it runs the file itself" }}
\treturn "hidden"
}}"""
    assert run_server(admin, deploy(admin, "look", looks, "go")).text == "hidden"


def test_a_program_that_cannot_be_made_again_is_a_clear_error_of_the_call(start_polyd):
    polyd = start_polyd()
    function = deploy(polyd.client(), "say", says("here"), "go")
    polyd.stop_well()
    shutil.rmtree(polyd.data / "programs")
    with sqlite3.connect(polyd.data / "openpoly.db") as database:
        database.execute("UPDATE resources SET detail = replace(detail, 'package says', 'package ?')")
    again = polyd.restart()
    answer = run_server(again.client(), function)
    assert answer.status == 503
    assert "the program of 'say' is gone, and could not be made again" in answer.message
    again.stop_well()
