#!/usr/bin/python3
"""Builds the Java worker and toolchain into build/java: jars and a library for functions to run in, a jar to read
them with, and for each program an archive of the classes it starts with (class-data sharing), which makes its start quick.
Quick when nothing has changed. Usage: build-java.py [folder of a JDK 17]
"""

import base64
import glob
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import build_stamp

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build/java"
SOURCES = {
    "openpoly-api": ROOT / "workers/java/src/api",
    "openpoly-worker": ROOT / "workers/java/src/worker",
    "openpoly-toolchain": ROOT / "toolchains/java/src",
}
MAIN_CLASSES = {"openpoly-worker": "io.openpoly.worker.Main", "openpoly-toolchain": "io.openpoly.toolchain.Main"}
NATIVE = ROOT / "workers/java/src/native/environment.c"
TRAINING = ROOT / "workers/java/src/training/Sample.java"
# What the worker needs of the JDK beyond its doors (io.openpoly.worker.Jvm and Environment). In a manifest and not on
# the command line, where it would cost the JVM its archived module graph.
OPENED = "java.base/java.lang java.base/java.io"
START_FLAGS = ROOT / "workers/java/start-flags"
CALL, LOAD, DRAIN, REPLY = 0x02, 0x01, 0x04, 0x05
RESULT, ERROR, NESTED = 0x43, 0x44, 0x46
SECONDS_MAX = 120


def main():
    with build_stamp.out_of_date(OUT, inputs()) as is_due:
        if not is_due:
            return
        jdk = Path(sys.argv[1]) if len(sys.argv) > 1 else installed_jdk()
        with tempfile.TemporaryDirectory() as scratch:
            compile_library(jdk)
            compile_jars(jdk, Path(scratch))
            sample = compile_sample(jdk, Path(scratch))
        archive(jdk, "openpoly-worker", [load_frame(sample), *map(call_frame, range(1, 5))])
        source = {"op": "describe", "kind": "server", "name": "run", "language": "java", "source": TRAINING.read_text()}
        archive(jdk, "openpoly-toolchain", [frame(CALL, {}, json.dumps(source).encode(), number) for number in (1, 2)])


def installed_jdk():
    found = [Path(path).parents[1] for path in sorted(glob.glob("/usr/lib/jvm/java-17-openjdk-*/bin/javac"))]
    if not found:
        sys.exit("build-java: there is no JDK 17; install openjdk-17-jdk-headless")
    return found[0]


def inputs():
    return [Path(__file__), START_FLAGS, NATIVE, TRAINING, *(file for folder in SOURCES.values() for file in folder.rglob("*.java"))]


def compile_library(jdk):
    unfinished = OUT / "libopenpoly-environment.so.new"
    includes = [f"-I{jdk / 'include'}", f"-I{jdk / 'include/linux'}"]
    run("clang-19", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", *includes, "-o", unfinished, NATIVE)
    os.replace(unfinished, OUT / "libopenpoly-environment.so")


def compile_jars(jdk, scratch):
    class_path = []
    for name, folder in SOURCES.items():
        classes = scratch / name
        sources = sorted(str(file) for file in folder.rglob("*.java"))
        run(jdk / "bin/javac", "--release", "17", "-g", "-Werror", "-Xlint:all,-removal", "-XDstringConcat=inline",
            "-cp", ":".join(class_path), "-d", classes, *sources)  # fmt: skip
        class_path.append(str(classes))
        manifest = scratch / f"{name}.manifest"
        manifest.write_text(manifest_of(name))
        unfinished = OUT / f"{name}.jar.new"
        run(jdk / "bin/jar", "--create", "--file", unfinished, "--no-compress", "--manifest", manifest, "-C", classes, ".")
        os.replace(unfinished, OUT / f"{name}.jar")


def manifest_of(name):
    if name not in MAIN_CLASSES:
        return ""
    others = " ".join(f"{other}.jar" for other in SOURCES if other not in (name, "openpoly-toolchain"))
    return f"Main-Class: {MAIN_CLASSES[name]}\nClass-Path: {others}\nAdd-Opens: {OPENED}\n"


def compile_sample(jdk, scratch):
    classes = scratch / "sample"
    run(jdk / "bin/javac", "--release", "17", "-g", "-parameters", "-cp", OUT / "openpoly-api.jar", "-d", classes, TRAINING)
    files = {file.stem: base64.b64encode(file.read_bytes()).decode() for file in classes.glob("*.class")}
    return {"binaryName": "Sample", "methodName": "run", "classes": files}


def load_frame(sample):
    header = {"path": "training.run", "name": "run", "language": "java", "parameters": ["order", "text", "fails"]}
    return frame(LOAD, header, json.dumps(sample).encode())


def call_frame(number):
    order = {"id": number, "lines": [{"product": "tea", "count": 2, "price": 1.5}], "notes": {"gift": True, "tags": [1, None]}}
    arguments = {"order": order, "text": "grüße", "fails": number == 2}
    return frame(CALL, {"executionId": "training", "logs": True}, json.dumps(arguments).encode(), number)


def frame(kind, header, body=b"", number=0):
    text = json.dumps(header).encode()
    payload = struct.pack("<I", len(text)) + text + body
    return struct.pack("<IBI", 5 + len(payload), kind, number) + payload


def archive(jdk, program, frames):
    """Runs a program over its socket until all calls are answered, and keeps the classes that it loaded."""
    kept = OUT / f"{program}.jsa"
    unfinished = OUT / f"{program}.jsa.new"
    ours, theirs = socket.socketpair()
    ours.settimeout(SECONDS_MAX)
    process = subprocess.Popen(
        [jdk / "bin/java", f"-XX:ArchiveClassesAtExit={unfinished}", f"@{START_FLAGS}", f"-Djava.library.path={OUT}", "-jar", OUT / f"{program}.jar"],
        pass_fds=[theirs.fileno()], env={"OPENPOLY_WORKER_FD": str(theirs.fileno()), "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    theirs.close()
    answers_due = sum(sent[4] == CALL for sent in frames)
    ours.sendall(b"".join(frames))
    while answers_due:
        kind, number = receive(ours)
        if kind == NESTED:
            ours.sendall(frame(REPLY, {}, b'{"told":[1,2.5,"x"]}', number))
        answers_due -= kind in (RESULT, ERROR)
    ours.sendall(frame(DRAIN, {}))
    output, _ = process.communicate(timeout=SECONDS_MAX)
    if process.returncode != 0 or not unfinished.exists():
        sys.exit(f"build-java: {program} could not be archived: {output.decode()}")
    os.replace(unfinished, kept)


def receive(host):
    (length,) = struct.unpack("<I", exactly(host, 4))
    payload = exactly(host, length)
    return struct.unpack_from("<BI", payload)


def exactly(host, count):
    data = b""
    while len(data) < count:
        chunk = host.recv(count - len(data))
        if not chunk:
            sys.exit("build-java: a program ended before it had answered")
        data += chunk
    return data


def run(*words):
    finished = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if finished.returncode != 0:
        sys.exit(f"build-java: {Path(words[0]).name} failed:\n{finished.stdout}")


if __name__ == "__main__":
    main()
