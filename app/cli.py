"""The `coldboard` command."""

import argparse
import gc
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvicorn
from sqlmodel import Session

from app.checker import DeclarationError, Finding
from app.checker.checker import MAX_LINES
from app.errors import ColdboardError, Conflict
from app.library.checking import checker_of
from app.library.loader import load_library
from app.library.verifying.formulas import verify
from app.library.verifying.terms import foreign_terms
from app.live.messages import MAX_MESSAGE_BYTES
from app.live.shelf import Shelf
from app.main import create_app, wall_clock_ms
from app.practice.archive.reader import open_archive
from app.practice.clock import Clock, Phase
from app.practice.recording import read_recording, write_recording
from app.settings import Settings, read_settings
from app.storage.archives import Merged, export_all, import_all
from app.storage.attempts import list_open
from app.storage.database import open_database
from app.storage.recordings import Outcome, export_recording, import_recording
from app.web.connection import Connection
from app.web.dependencies import sealed_now

SWITCH_EVERY_S = 0.000_5
# How many objects more than before there may be until the youngest are looked through.
YOUNG_OBJECTS = 50_000
PING_EVERY_S = 10.0


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; the exit code is 0, 1 for a failure that was explained, 2 for bad usage."""
    chosen = build_parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen, read_settings()))
    except (ColdboardError, OSError, UnicodeDecodeError) as error:
        print(f"coldboard: {error}", file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="coldboard", description="Timed whiteboard derivations in the browser."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve_parser = commands.add_parser("serve", help="serve the pages")
    serve_parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve_parser.add_argument("--port", type=int, default=8000, help="port to listen on")
    serve_parser.set_defaults(run=serve)

    check_parser = commands.add_parser("check", help="judge the lines of a derivation")
    check_parser.add_argument("derivation", metavar="DERIVATION", help="its id, such as ols")
    check_parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="one line a line; - is standard input"
    )
    check_parser.add_argument("--json", action="store_true", help="print one object a line")
    check_parser.set_defaults(run=check)

    content_parser = commands.add_parser("check-content", help="read and check every content file")
    content_parser.set_defaults(run=check_content)

    export_parser = commands.add_parser("export", help="print the recording of an attempt")
    export_parser.add_argument("attempt", metavar="ATTEMPT", help="as in the address /a/ATTEMPT")
    export_parser.set_defaults(run=export)

    import_parser = commands.add_parser("import", help="read a recording back in")
    import_parser.add_argument("file", metavar="FILE", type=Path, help="an exported recording")
    import_parser.set_defaults(run=import_file)

    export_all_parser = commands.add_parser("export-all", help="write everything into one zip")
    export_all_parser.add_argument("file", metavar="FILE.zip", type=Path, help="where to")
    export_all_parser.set_defaults(run=export_everything)

    import_all_parser = commands.add_parser("import-all", help="bring such a zip in")
    import_all_parser.add_argument("file", metavar="FILE.zip", type=Path, help="an exported zip")
    import_all_parser.set_defaults(run=import_everything)
    return parser


def serve(chosen: argparse.Namespace, settings: Settings) -> int:
    # Seen here, a database that cannot be opened is one sentence; inside the server, a traceback.
    engine = open_database(settings.database_url)
    engine.dispose()
    # What stores shares the interpreter with what answers: neither is to wait 5 ms for the other.
    sys.setswitchinterval(SWITCH_EVERY_S)
    # The engine's own word for its address leaves the password out.
    print(f"Coldboard on http://{chosen.host}:{chosen.port}, kept in {engine.url}", flush=True)
    uvicorn.run(
        create_app(settings, started=spare_the_collector),
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        server_header=False,
        ws=Connection,
        ws_max_size=MAX_MESSAGE_BYTES,
        # Ink is small and frequent: compressing each message costs more than it saves.
        ws_per_message_deflate=False,
        # Who does not answer for so long is gone, or does not read what is sent.
        ws_ping_interval=PING_EVERY_S,
        ws_ping_timeout=PING_EVERY_S,
        timeout_graceful_shutdown=3,
    )
    return 0


def spare_the_collector() -> None:
    """What is there from the start stays: to look through it for garbage again and again took a
    third of the time of a busy server, and stopped it for as long as half a second. What is new is
    looked through when there is much of it: to receive and to store makes no garbage that needs
    it, only messages on their way."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


MARKS = {
    "holds": "✓",
    "fails": "✗",
    "defines": "≔",
    "unclear": "?",
    "unreadable": "!",
    "remark": "·",
}


def check(chosen: argparse.Namespace, settings: Settings) -> int:
    """0 if no line fails, 1 if one does, 2 if there was nothing to judge."""
    library = load_library(settings.content_folder, settings.own_folder)
    try:
        if chosen.derivation not in library.derivations:
            raise UnusableInput(
                f"there is no derivation {chosen.derivation!r}: "
                f"use one of {', '.join(sorted(library.derivations))}"
            )
        checker = checker_of(library[chosen.derivation])
        findings = checker.check(read_lines(chosen.file))
    except (UnusableInput, DeclarationError) as error:
        print(f"coldboard: {error}", file=sys.stderr)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that has no ✓ shows a ? in its place.
        sys.stdout.reconfigure(errors="replace")
    for finding in findings:
        print(json.dumps(finding.as_json()) if chosen.json else in_words(finding))
    return 1 if any(finding.verdict == "fails" for finding in findings) else 0


class UnusableInput(Exception):
    """What was asked for cannot be judged; the message says why."""


def read_lines(file: str) -> Sequence[str]:
    """The lines of a file; `-` is standard input. Raises UnusableInput."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UnusableInput(f"{file} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UnusableInput(f"{file} is not UTF-8 text: {error}") from error
    text = text.replace("\r\n", "\n")
    lines = text.removesuffix("\n").split("\n") if text else []
    if len(lines) > MAX_LINES:
        raise UnusableInput(
            f"{file} has {len(lines)} lines: at most {MAX_LINES} are judged at a time"
        )
    return lines


def in_words(finding: Finding) -> str:
    """A mark, the line, and below it what there is to say."""
    if not finding.text.strip():
        return ""
    said = [finding.message]
    if finding.steps:
        said.append(f"Step {', '.join(str(step) for step in finding.steps)}.")
    if finding.slip:
        said.append(f"A known slip: {finding.slip}.")
    return f"{MARKS[finding.verdict]} {finding.text}\n  {' '.join(said)}"


def check_content(chosen: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    library = load_library(settings.content_folder, settings.own_folder)
    folders = [settings.content_folder, settings.own_folder]
    problems = list(library.errors)
    for folder in filter(None, folders):
        problems += [*foreign_terms(folder, library), *verify(folder, library)]
    for problem in problems:
        print(problem, file=sys.stderr)
    variants = len(library.derivations) - len(library.originals)
    print(f"{len(library.originals)} derivations, {variants} variants, {len(problems)} problems")
    return 1 if problems else 0


def export(chosen: argparse.Namespace, settings: Settings) -> int:
    with Session(open_database(settings.database_url)) as session:
        header, events = export_recording(session, chosen.attempt)
        sys.stdout.writelines(write_recording(header, events))
    return 0


def import_file(chosen: argparse.Namespace, settings: Settings) -> int:
    with chosen.file.open(encoding="utf-8") as lines:
        header, events = read_recording(lines)
    with Session(open_database(settings.database_url)) as session:
        outcome = import_recording(session, header, events, wall_clock_ms())
        session.commit()
    print(f"/a/{header.attempt}{OUTCOMES[outcome]}")
    return 0


def export_everything(chosen: argparse.Namespace, settings: Settings) -> int:
    """Writes beside the place first: a file of an earlier day is replaced by a whole one only."""
    shelf = Shelf(load_library(settings.content_folder, settings.own_folder))
    unfinished = chosen.file.with_name(f"{chosen.file.name}.part")
    with Session(open_database(settings.database_url)) as session:
        sealed = sealed_now(session, shelf.library(session))
        try:
            with unfinished.open("wb") as target:
                manifest = export_all(session, target, sealed, wall_clock_ms())
            unfinished.replace(chosen.file)
        finally:
            unfinished.unlink(missing_ok=True)
    print(
        f"{chosen.file}: {manifest.attempts} attempts, {manifest.ratings} card ratings, "
        f"{manifest.rungs} answers on the step ladder, {len(manifest.derivations)} derivations of "
        "your own, your settings"
    )
    if manifest.left_out:
        print(f"{manifest.left_out} attempts are not in it, because an attempt is running")
    return 0


def import_everything(chosen: argparse.Namespace, settings: Settings) -> int:
    now = wall_clock_ms()
    with chosen.file.open("rb") as file, Session(open_database(settings.database_url)) as session:
        for row in list_open(session):
            if Clock(row.started_at, row.limit_ms).phase(now) is not Phase.ENDED:
                raise Conflict(f"the attempt /a/{row.id} is running: bring the file in after it")
        with open_archive(file) as archive:
            merged = import_all(session, archive, now)
        session.commit()
    for line in merged_in_words(merged):
        print(line)
    return 0


def merged_in_words(merged: Merged) -> Iterator[str]:
    """What an import changed, a line for each kind."""
    if not merged.changed:
        yield "everything in it is here already; nothing was changed"
        return
    yield (
        f"{merged.attempts} new attempts, {merged.returned} brought back, {merged.known} here "
        f"already, {merged.updated} of them with a newer note, ticks or findings"
    )
    yield f"{merged.ratings} new card ratings, {merged.rungs} new answers on the step ladder"
    if merged.settings:
        yield f"settings that were changed later there: {', '.join(merged.settings)}"
    for one in merged.derivations:
        kept = f"; the older one is kept as {one.kept_as}" if one.kept_as else ""
        if one.what != "same":
            yield f"own derivation {one.id}: {ARRIVALS[one.what]}{kept}"


OUTCOMES: dict[Outcome, str] = {
    "new": "",
    "returned": " was deleted here and is back",
    "changed": " is here already; its ticks or its note were newer in the file and count now",
    "same": " is here already; nothing was changed",
    "another": " is another attempt here; nothing was changed",
}
ARRIVALS = {
    "added": "new",
    "replaced": "the file's was saved later and counts now",
    "older": "the one here was saved later and stays",
}
