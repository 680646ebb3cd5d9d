"""What a designer does next: pieces of advice from an evaluation, each with its ground in numbers.

`advising.advise` gives them, most urgent first. What is within noise is not advised: every rule says what it
takes as more than that.
"""
