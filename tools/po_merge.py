"""Merge new templates into the translation files; run with the Python of .odoo/venv.

po_merge.py FOLDER   takes FOLDER/ADDON.pot into addons/ADDON/i18n

Translations stay, terms that left the code go, new ones come untranslated. A file whose terms
did not change is not touched: no dates move."""

import sys
from pathlib import Path

import polib
from po_check import ADDONS, LANGUAGES, terms

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


def merge(new, path, language):
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
                msgstr=before.msgstr if before else "",
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


def main(folder):
    for fresh in sorted(Path(folder).glob("*.pot")):
        i18n = ADDONS / fresh.stem / "i18n"
        new = template(fresh, i18n / fresh.name)
        for language in LANGUAGES:
            path = i18n / f"{language}.po"
            todo, total = merge(new, path, language)
            print(f"{path.relative_to(ADDONS.parent)}: {total} terms, {todo} untranslated")


if __name__ == "__main__":
    main(*sys.argv[1:])
