"""Answers as reports to print or file: one model of a report, written as Markdown and as a page."""
