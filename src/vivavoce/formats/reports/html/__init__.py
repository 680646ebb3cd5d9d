"""The HTML report: one page that opens anywhere, also offline, and holds all its own style and script.

`report.html_report` streams it. What a page shows of each run is made here in plain values, and laid out by
the Jinja2 templates beside this module; everything that grows with a run is capped, and the page says by how
much. Nothing that a bot said can run: all text is escaped, and the page's Content-Security-Policy allows only
the style and the script that ship with this package, by their hashes.
"""
