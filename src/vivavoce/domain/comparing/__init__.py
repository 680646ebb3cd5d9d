"""Two runs side by side: what newly fails, what newly passes, and whether chance alone could have done it.

`comparing.compare` pairs the cases of two runs and yields a `values.Comparison`; `judging.judge` says in a
plain sentence what it comes to, and whether it stays within what is borne.

One pass over each run; a second one over what found no partner the first time. What is kept is a hash and a
reference for each case of the earlier run (100 bytes), counts that depend on the number of intents, and at
most `values.EXAMPLES` cases of each sort.
"""
