"""What a batch run says about a bot's understanding: figures by intent, confusions, calibration, thresholds.

`evaluating.Evaluator` adds case results up in one pass; an `values.Evaluation` is what comes out, and what
every report, page and comparison is made of. Everything here is pure and exact; undefined is None, never 0.
"""
