"""Writes the rows of the league's task "packages": Debian's package descriptions with their sections.

    package_rows.py FOLDER

reads what ``apt-cache dumpavail`` prints on this computer, takes the short description of one package for each source
package, and writes train.tsv, validation.tsv and test.tsv (columns ``text`` and ``label``) into FOLDER. The split
follows a hash of the source's name, so that it is the same for the same lists of packages, and packages of one source never lie on
both sides. The descriptions have the licences of their packages: they are read where they are needed and are no part of
the project.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

# sections whose short descriptions tell them apart, with at least 400 sources in Debian 12
SECTIONS = ["admin", "games", "graphics", "math", "net", "science", "sound", "text"]
SIZES = {"train": 1024, "validation": 512, "test": 2048}


def fields(paragraph):
    found = {}
    for line in paragraph.split("\n"):
        match = re.match(r"([A-Za-z-]+): (.*)", line)
        if match:
            found.setdefault(match.group(1), match.group(2))
    return found


def rows():
    available = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout
    seen = {}
    for paragraph in available.split("\n\n"):
        package = fields(paragraph)
        section = package.get("Section", "").split("/")[-1]
        text = package.get("Description-en", package.get("Description", "")).replace("\t", " ").strip()
        if section in SECTIONS and text:
            source = package.get("Source", package["Package"]).split(" ")[0]
            # the shortest name is the package that the others belong to
            best = seen.get(source)
            if best is None or len(package["Package"]) < len(best[0]):
                seen[source] = (package["Package"], text, section)
    by_hash = sorted(seen, key=lambda source: hashlib.sha256(source.encode()).hexdigest())
    texts = set()
    for source in by_hash:
        _, text, section = seen[source]
        if text not in texts:
            texts.add(text)
            yield text, section


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    left = list(rows())
    needed = sum(SIZES.values())
    if len(left) < needed:
        sys.exit(f"apt knows {len(left)} sources of these sections, and {needed} are needed; run apt-get update.")
    for name, size in SIZES.items():
        part, left = left[:size], left[size:]
        lines = ["text\tlabel"] + [f"{text}\t{section}" for text, section in part]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{name}.tsv: {size} rows")


if __name__ == "__main__":
    main()
