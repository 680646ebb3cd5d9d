"""The JSON report as types: what is written, what is read back, and what the published schema is made of.

A key with a default came after version 1 of the report, or says something only of some runs; it is left out
where it says nothing, so that reports of any version 1 can be read. Keys that are not listed are left alone
when reading: a newer server may say more.
"""
