"""The command line: argv and environment -> the command. Without a sub-command it serves.

Heavy imports wait until a command needs them: `ailab-mock version` must not load a model.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from server.pixels.native_threads import one_thread_each
from server.settings import Settings, SettingsError
from server.settings_table import SETTINGS
from server.version import VERSION


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the program's name.

    Returns
    -------
    int
        Exit status: 0 fine, 1 refused or failed, 2 misuse.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file name may hold what the terminal cannot show.
        sys.stdout.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    one_thread_each(os.environ)
    # Pillow warns about damaged EXIF data; what matters of it is judged by the code that asked.
    warnings.filterwarnings("ignore", module="PIL")
    try:
        return int(arguments.command(arguments, os.environ))
    except SettingsError as error:
        print(f"ailab-mock: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except BrokenPipeError:
        # The reader of our output left, as `| head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ailab-mock",
        description="A local emulator of AILabTools' Age & Gender swap API. Without a sub-command: serve.",
        epilog="Every option of the server can also be set as AILAB_MOCK_<OPTION>, for example AILAB_MOCK_PORT=8000.",
    )
    _add_server_options(parser)
    parser.set_defaults(command=_serve)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    edit = commands.add_parser("edit", help="edit one picture without a server")
    edit.add_argument("source", metavar="IN", help="JPEG, PNG or BMP file")
    edit.add_argument("target_file", metavar="OUT", help="file to write: .png is lossless, anything else is JPEG")
    edit.add_argument("--action", required=True, help="TO_KID, TO_OLD, TO_FEMALE, TO_MALE, V2_AGE or V2_GENDER")
    edit.add_argument("--target", default="", help="V2_AGE: 1..85; V2_GENDER: 0 male, 1 female")
    edit.add_argument("--quality-control", default="", metavar="LEVEL", help="NONE, LOW, NORMAL or HIGH")
    edit.add_argument("--face-location", default="", metavar="JSON", help="which face; default: the largest")
    edit.add_argument("--only", default="", metavar="EDIT", help="only one elementary edit, for example wrinkles")
    edit.set_defaults(command=_edit)

    quality = commands.add_parser("quality", help="measure faces: the 13 values, and which error each photo gets")
    quality.add_argument("files", nargs="+", metavar="FILE", help="picture files or folders")
    quality.add_argument("--quality-control", default="NONE", metavar="LEVEL", help="NONE, LOW, NORMAL or HIGH")
    quality.add_argument("--format", default="table", choices=("table", "csv", "json", "junit", "html"))
    quality.add_argument("--explain", metavar="OUT.png", help="draw why one photo passes or fails")
    quality.set_defaults(command=_quality)

    health = commands.add_parser("healthcheck", help="exit 0 when a server is ready")
    health.add_argument("--wait", action="store_true", help="keep asking until it is ready")
    health.add_argument("--timeout", type=_seconds, default=30.0, metavar="S", help="seconds to wait at most")
    _add_server_options(health, only=("host", "port", "tls"))
    health.set_defaults(command=_healthcheck)

    authority = commands.add_parser("ca", help="the local certificate authority of --tls")
    authority_commands = authority.add_subparsers(title="commands", metavar="COMMAND", required=True)
    export = authority_commands.add_parser("export", help="write its certificate, for clients to trust")
    export.add_argument("target_file", metavar="FILE", help="file to write; - for the terminal")
    _add_server_options(export, only=("tls_dir",))
    export.set_defaults(command=_export_authority)

    verdict = commands.add_parser("verdict", help="what a client did wrong, from a running server's journal")
    verdict.add_argument("--key", required=True, help="the client's API key")
    verdict.add_argument(
        "--fail-on", default="", metavar="RULES", help="rules that fail, separated by commas; or all"
    )
    _add_server_options(verdict, only=("host", "port", "tls", "admin_token"))
    verdict.set_defaults(command=_verdict)

    photos = commands.add_parser("photos", help="write generated pictures for every content error, with a manifest")
    photos.add_argument("folder", metavar="DIR", help="where to; made where it is missing")
    photos.add_argument("--seed", type=_natural, default=0, metavar="N", help="other people, the same pictures")
    photos.set_defaults(command=_photos)

    commands.add_parser("openapi", help="print the OpenAPI 3.1 document").set_defaults(command=_openapi)
    commands.add_parser("version", help="print the version").set_defaults(command=_version)
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError("not a number of seconds")
    return seconds


def _natural(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError("not from 0 to 4294967295")
    return number


def _add_server_options(parser: argparse.ArgumentParser, only: Sequence[str] = ()) -> None:
    group = parser.add_argument_group("server options")
    for setting in SETTINGS:
        if only and setting.name not in only:
            continue
        shown = "" if setting.is_switch or setting.default in (None, ()) else f" (default: {setting.default})"
        options: dict[str, Any] = {"dest": setting.name, "default": None, "help": f"{setting.help}{shown}"}
        if setting.is_switch:
            options |= {"action": "store_const", "const": "on"}
        else:
            options |= {"action": "append" if setting.name == "api_keys" else "store", "metavar": "VALUE"}
        group.add_argument(setting.flag, **options)


def _settings(arguments: argparse.Namespace, environ: Mapping[str, str]) -> Settings:
    given = {setting.name: getattr(arguments, setting.name, None) for setting in SETTINGS}
    texts = {name: value for name, value in given.items() if value is not None}
    flags = {name: ",".join(text) if isinstance(text, list) else text for name, text in texts.items()}
    return Settings.resolve(flags, environ)


def _serve(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    settings = _settings(arguments, environ)
    _silence_native_chatter(settings.log_level)
    from server.serve import serve

    return serve(settings)


def _edit(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    _silence_native_chatter()
    from server.commands.edit import edit_file

    fields = {
        "action_type": arguments.action,
        "target": arguments.target,
        "quality_control": arguments.quality_control,
        "face_location": arguments.face_location,
    }
    return edit_file(arguments.source, arguments.target_file, fields, arguments.only)


def _quality(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    _silence_native_chatter()
    from server.commands.quality import lint_photos

    return lint_photos(arguments.files, arguments.quality_control, arguments.format, arguments.explain)


def _healthcheck(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from server.commands.healthcheck import is_ready, wait_until_ready

    settings = _settings(arguments, environ)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    if arguments.wait:
        ready = wait_until_ready(host, settings.port, arguments.timeout, settings.tls)
    else:
        ready = is_ready(host, settings.port, settings.tls)
    print("ready" if ready else "not ready")  # noqa: T201
    return 0 if ready else 1


def _export_authority(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from server.authority import Authority, AuthorityError

    try:
        certificate = Authority(Path(_settings(arguments, environ).tls_dir).expanduser()).certificate_pem
        if arguments.target_file == "-":
            sys.stdout.write(certificate.decode("ascii"))
        else:
            Path(arguments.target_file).write_bytes(certificate)
    except (AuthorityError, OSError) as error:
        print(f"ailab-mock: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _verdict(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from server.commands.verdict import print_verdict

    settings = _settings(arguments, environ)
    return print_verdict(
        settings.host, settings.port, settings.tls, arguments.key, arguments.fail_on, settings.admin_token
    )


def _photos(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    _silence_native_chatter()
    from server.commands.photos import write_photos

    return write_photos(arguments.folder, arguments.seed)


def _openapi(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from server.operation.openapi import openapi_json

    sys.stdout.write(openapi_json())
    return 0


def _version(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    print(f"ailab-mock {VERSION}")  # noqa: T201
    return 0


def _silence_native_chatter(log_level: str = "info") -> None:
    if log_level != "debug":
        from server.pixels.native_chatter import silence_native_chatter

        silence_native_chatter()


if __name__ == "__main__":
    sys.exit(main())
