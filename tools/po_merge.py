"""Merge new templates into the translation files; run with the Python of .odoo/venv.

po_merge.py DATABASE [MODULE ...]

Translations stay, terms that left the code go. New ones are translated where one of the modules
of Odoo that are named has the same term ("Created by"), and else come untranslated. There are no
dates in the files: a file whose terms did not change stays as it is."""

import sys
import tempfile
from pathlib import Path

import polib

import odoo.init  # noqa: F401  # first, as the command line of Odoo does
from odoo.modules import get_module_path

from export_terms import export
from po_check import ADDONS, LANGUAGES, addons, terms

VOLATILE = ("POT-Creation-Date", "PO-Revision-Date")


def save(file, path):
    """Write a file the way all of them are written."""
    file.wrapwidth = 78
    file.save(str(path))


def template(fresh, path):
    """Bring a template up to date; the template."""
    new = polib.pofile(str(fresh))
    for key in VOLATILE:
        new.metadata.pop(key, None)
    if not path.exists() or terms(path) != terms(fresh):
        path.parent.mkdir(exist_ok=True)
        save(new, path)
    return new


def glossary(modules, language):
    """What modules of Odoo say for a term: {term: translation}."""
    found = {}
    for module in modules:
        path = Path(get_module_path(module), "i18n", f"{language}.po")
        for entry in polib.pofile(str(path)) if path.exists() else []:
            if entry.msgstr and not entry.fuzzy:
                found.setdefault(entry.msgid, entry.msgstr)
    return found


def merge(new, path, language, known_elsewhere):
    """Bring a translation up to date; how many terms of it are untranslated."""
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {(e.msgctxt, e.msgid): e for e in old if not e.obsolete}
    file = polib.POFile()
    file.header = old.header or new.header
    file.metadata = {**new.metadata, **old.metadata, "Language": language}
    for key in VOLATILE:
        file.metadata.pop(key, None)
    for entry in new:
        before = known.get((entry.msgctxt, entry.msgid))
        file.append(
            polib.POEntry(
                msgctxt=entry.msgctxt,
                msgid=entry.msgid,
                msgstr=(before and before.msgstr) or known_elsewhere.get(entry.msgid, ""),
                comment=entry.comment,
                tcomment=before.tcomment if before else "",
                occurrences=entry.occurrences,
                flags=before.flags if before else entry.flags,
            )
        )
    file.wrapwidth = 78
    if not path.exists() or str(file) != path.read_text(encoding="utf-8").rstrip("\n"):
        save(file, path)
    return len([e for e in file if not e.msgstr or e.fuzzy]), len(file)


def main(database, *modules):
    with tempfile.TemporaryDirectory() as folder:
        export(database, folder, [addon.name for addon in addons()])
        elsewhere = {
            language: glossary(["base", "web", *modules], language) for language in LANGUAGES
        }
        for addon in addons():
            i18n = addon / "i18n"
            new = template(Path(folder, f"{addon.name}.pot"), i18n / f"{addon.name}.pot")
            for language in LANGUAGES:
                path = i18n / f"{language}.po"
                todo, total = merge(new, path, language, elsewhere[language])
                print(f"{path.relative_to(ADDONS.parent)}: {total} terms, {todo} untranslated")


if __name__ == "__main__":
    main(*sys.argv[1:])
