"""checks/shell.py checks each script, recipe and block with shellcheck, and names it in the findings."""

import tempfile
import unittest
from pathlib import Path

from checks.shell import ROOT, blocks_of, dry_run, findings, recipes_of, scripts_of

DRY_RUN = """\
first --option \\
\tsecond
third
make[1]: Nothing to be done for 'lint'.
third

make: Nothing to be done for 'venv'.
"""
MARKDOWN = """\
Text.

```sh
one $1
```

```json
{}
```

- item

  ```bash
  two
  ```

```
    make fenced
```

Text:

    curl $URL \\
      --fail

    {"no": "shell"}

1. item

       for one in two; do
         three
       done

   text
"""
# Prints the name and the text of each file in the format of shellcheck's findings.
SHELLCHECK = """#!/bin/sh
for file in "$@"; do case $file in -*) ;; *) echo "$file:1:2: $(tail -n 1 "$file") [SC1]" ;; esac; done
exit %d
"""


class Collecting(unittest.TestCase):
    def test_each_logical_line_of_a_recipe_is_a_script_once(self) -> None:
        texts = [script.text for script in recipes_of(DRY_RUN)]
        self.assertEqual(texts, ["#!/bin/sh\nfirst --option \\\n\tsecond\n", "#!/bin/sh\nthird\n"])

    def test_the_recipes_of_the_makefile_are_collected(self) -> None:
        recipes = "".join(script.text for script in recipes_of(dry_run()))
        for command in ("cargo fmt --all --check", "cargo lambda build", "mkdir -p target/fuzz-corpus/compose"):
            self.assertIn(command, recipes)

    def test_blocks_are_those_marked_as_shell_and_those_that_begin_with_a_command(self) -> None:
        blocks = blocks_of("page.md", MARKDOWN)
        self.assertEqual([(block.label, block.text) for block in blocks], [
            ("page.md:3", "#!/bin/bash\none $1\n"), ("page.md:13", "#!/bin/bash\n  two\n"),
            ("page.md:23", "#!/bin/bash\ncurl $URL \\\n  --fail\n"),
            ("page.md:30", "#!/bin/bash\nfor one in two; do\n  three\ndone\n"),
        ])  # fmt: skip

    def test_the_blocks_of_the_docs_are_collected(self) -> None:
        blocks = "".join(block.text for block in blocks_of("README.md", (ROOT / "README.md").read_text()))
        for command in ("make run", "WEBHOOK=$(curl -sS $URL/v1/webhooks"):
            self.assertIn(command, blocks)

    def test_scripts_are_files_that_name_a_shell(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            texts = {"a": "#!/usr/bin/env bash\n", "b": "#!/bin/sh -e\n", "c": "#!/usr/bin/python\n", "d": "echo\n"}
            for name, text in texts.items():
                (Path(folder) / name).write_text(text)
            scripts = scripts_of(sorted(Path(folder).iterdir()))
            self.assertEqual([Path(script.label).name for script in scripts], ["a", "b"])


class Findings(unittest.TestCase):
    def result(self, code: int) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            shellcheck = Path(folder) / "shellcheck"
            shellcheck.write_text(SHELLCHECK % code)
            shellcheck.chmod(0o755)
            return findings(str(shellcheck), recipes_of("one\ntwo\n"))

    def test_a_finding_names_the_origin_of_its_script(self) -> None:
        self.assertEqual(self.result(1), ["Makefile, `one`:1:2: one [SC1]", "Makefile, `two`:1:2: two [SC1]"])

    def test_a_failure_of_shellcheck_fails_the_check(self) -> None:
        with self.assertRaises(SystemExit):
            self.result(2)
