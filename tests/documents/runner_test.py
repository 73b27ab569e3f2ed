"""Tests run_blocks.py on small documents."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import run_blocks


def blocks_of(text):
    return run_blocks.read_blocks(text)


class Runner(unittest.TestCase):
    def run_document(self, text):
        with tempfile.TemporaryDirectory() as folder:
            return run_blocks.run_document("d.md", blocks_of(text), folder)

    def setUp(self):
        self.copy_tree = run_blocks.copy_tree
        run_blocks.copy_tree = os.makedirs

    def tearDown(self):
        run_blocks.copy_tree = self.copy_tree

    def test_blocks_share_variables_and_the_folder(self):
        self.assertEqual(self.run_document("```sh\na=1; mkdir x; cd x\n```\n```sh\ntest $a = 1; rmdir ../x\n```\n"), [])

    def test_a_block_that_fails_is_named_with_its_output(self):
        self.assertEqual(self.run_document("```sh\ntrue\n```\n```sh\necho why; false\n```\n"),
                         ["d.md:4: the block ended with 1\nwhy\n"])

    def test_other_output_than_shown_is_a_problem(self):
        self.assertEqual(self.run_document("```sh\necho a\n```\n```text\na\n```\n"), [])
        self.assertEqual(len(self.run_document("```sh\necho a\n```\n```text\nb\n```\n")), 1)

    def test_dots_stand_for_any_lines(self):
        self.assertTrue(run_blocks.matches("a\n...\nd\n", "a\nb\nc\nd\n"))
        self.assertTrue(run_blocks.matches("a\n...\n", "a\n"))
        self.assertFalse(run_blocks.matches("a\n...\nd\n", "a\nb\n"))

    def test_a_source_block_is_written_to_the_path_in_its_first_line(self):
        self.assertEqual(self.run_document("```c\n/* src/a.c */\nint a;\n```\n```sh\ngrep a src/a.c\n```\n"), [])

    def test_a_block_that_is_neither_run_nor_listed_is_a_problem(self):
        for text in ("```c\nint a;\n```\n", "```\nx\n```\n", "```text\nx\n```\n", "```powershell\nx\n```\n"):
            self.assertEqual(len(run_blocks.check_kinds("d.md", blocks_of(text))), 1, text)

    def test_rows_must_match_one_block(self):
        text = "```sh\none\n```\n```sh\ntwo\n```\n```sh\ntwo\n```\n"
        for first, problems in (("one", 0), ("two", 1), ("three", 1)):
            blocks = {"d.md": blocks_of(text)}
            self.assertEqual(len(run_blocks.apply_rows([("d.md", first, "because")], blocks)), problems, first)

    def test_a_row_needs_a_reason(self):
        self.assertEqual(run_blocks.read_rows("# c\nd.md: a: b: because\n"), [("d.md", "a: b", "because")])
        with self.assertRaises(ValueError):
            run_blocks.read_rows("d.md: no reason\n")

    def test_a_block_without_an_end_is_refused(self):
        with self.assertRaises(ValueError):
            blocks_of("```sh\ntrue\n")


if __name__ == "__main__":
    unittest.main()
