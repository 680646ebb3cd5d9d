import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec.structs import replace
from tests.unit.formats.report_values import HOSTILE, batch, conversation, reported, step

from vivavoce.domain.batch.utterance import BatchCase, Candidate, CaseResult, Classification, EntityResult
from vivavoce.formats.reports.batch_csv import HEADER, batch_csv
from vivavoce.formats.reports.conversation_csv import conversation_csv
from vivavoce.formats.reports.csv_report import csv_report
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.formats.reports.tables import csv_text, guarded


def rows(chunks: Iterable[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(chunks), newline="")))


def test_the_batch_report():
    assert "".join(batch_csv(batch())).replace("\r\n", "\n") == snapshot("""\
Bot Name,Bank
Report name,test1
Bot Language,en
Run Type,inDevelopment
Threshold Setting,
mode,
minThreshold,
maxThreshold,
exactMatchThreshold,
isActive,
taskMatchTolerance,
wordCoverage,
suggestionsCount,
pathCoverage,
Last Tested,2023-06-26T12:09:39.518Z
Utterance Count,5
Success/Failure Ratio,40.00%
TP,1
TN,1
FP,1
FN,1

Utterances,Expected Intent,Matched Intent,Parent Intent,Task State,Result Type,Entity Name,Expected EntityValue,Matched EntityValue,Entity Result,Expected Entity Order,Actual Entity Order,Matched Intent's Score,Expected Intent's Score,Elimination Info
send 5 to Ann,Transfer | Pay,Transfer,Money||Accounts,published,TP,amount,5 | 5.0,5,True,amount>to,amount>to,0.9,0.9,FM: low
,,,,,,to,Bob,Ann,False,,,,,
blah,None,None,,,TN,,,,,,,,,
'=cmd(),Balance,Transfer | Balance,,,FP,,,,,,,0.9 | 0.0625,0.0625,
'@help,Help,,,,Error,,,,,,,,,the bot answered 500
yes,trait: Polite||Short,trait: Short,,,FN,,,,,,,,,
""")  # noqa: E501


def test_scores_that_the_bot_does_not_tell_are_empty() -> None:
    found = Classification(winning=(Candidate("Card"), Candidate("Balance")))
    result = CaseResult(0, BatchCase("both", ("Card", "Balance")), found, "TP", passed=True)
    *_, row = rows(batch_csv(batch([result])))
    assert dict(zip(HEADER, row, strict=True))["Matched Intent"] == "Card | Balance"
    assert row[-3:] == ["", "", ""]


def test_the_batch_report_ends_lines_with_crlf_and_parts_the_blocks_by_an_empty_row():
    text = "".join(batch_csv(batch()))
    assert text.count("\r\n") == text.count("\n")
    summary, table = text.split("\r\n\r\n")
    assert all(len(row) == 2 for row in rows([summary]))
    assert rows([table])[0] == list(HEADER)


def test_thresholds_that_are_known_are_told():
    kept = batch()
    run = replace(kept.run, thresholds={"minThreshold": "0.3"})
    summary = dict(row for row in rows(batch_csv(ReportedRun(run, kept.results))) if len(row) == 2)
    assert (summary["minThreshold"], summary["maxThreshold"]) == ("0.3", "")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_cells_that_a_spreadsheet_would_run_are_guarded(cell):
    assert rows(csv_text([("safe", cell)])) == [["safe", f"'{cell}"]]


@pytest.mark.parametrize("cell", ["a=b", "'=1", " =1", "", "1-2", "a,b", 'a "b"', "a\r\nb", "|`]]>"])
def test_other_cells_stay_as_they_are(cell):
    assert rows(csv_text([("safe", cell)])) == [["safe", cell]]


def test_a_hostile_utterance_stays_one_cell():
    result = CaseResult(0, BatchCase(HOSTILE), Classification(), "TN", True)
    assert rows(batch_csv(batch([result])))[-1][0] == f"'{HOSTILE}".replace("\ud800", "�")


def test_the_conversation_report():
    assert "".join(conversation_csv([conversation()])).replace("\r\n", "\n") == snapshot("""\
Suite,Case,Step,Input,Expected,Actual,Verdict,Reasons,Duration ms,Sent,Received
greetings,Opening hours,1,hi,Hello!,Hello!,passed,,250.0,,
greetings,Opening hours,2,when?,9 to 5,9 to 5,passed,,250.0,,
greetings,Opening hours,1,when?,9 to 5,8 to 4,failed,"output 1: expected '9 to 5', got '8 to 4'",250.0,,
greetings,Opening hours,2,bye,Bye!,Bye!,passed,,250.0,,
greetings,Down,1,hi,Hello!,,error,no answer in 15 s,250.0,,
greetings,Down,2,bye,Bye!,,notExecuted,the session ended,0.0,,
greetings,Ended,1,hi,Hello!,,notExecuted,the session ended,0.0,,
""")


def test_several_outputs_are_lines_of_one_cell():
    played = step("hi", "Hello!", "Hello!\nHow are you?")
    table = rows(conversation_csv([conversation([played])]))
    assert table[1][4:6] == ["Hello!", "Hello!\nHow are you?"]


def test_one_file_for_runs_of_both_kinds():
    text = "".join(csv_report([batch(), conversation(), batch()]))
    blocks = [rows([block])[0] for block in text.split("\r\n\r\n")]
    assert [block[0] for block in blocks] == ["Suite", "Bot Name", "Utterances", "Bot Name", "Utterances"]


def test_rows_are_written_as_they_are_read():
    read = 0

    def counted(results):
        nonlocal read
        for result in results * 20_000:
            read += 1
            yield result

    chunks = batch_csv(reported(batch().run, [CaseResult(0, BatchCase("x"), error="down")], counted))
    next(chunks)
    assert 0 < read < 20_000


ANY = st.text(st.characters(exclude_categories=[]), max_size=12)  # lone surrogates, NUL, all of it
ODD = st.text(st.sampled_from("\ud800\udfff\0\r\n\",;'=+-@\t a\u2028\x85\x1c😀"), max_size=6)


def told(cell: str) -> str:
    """What a reader finds in a cell: guarded, and U+FFFD for what is no character."""
    return "".join("�" if "\ud800" <= each <= "\udfff" else each for each in guarded(cell))


@given(st.lists(st.lists(ANY | ODD, min_size=1, max_size=4), max_size=6))
def test_any_text_is_read_back_as_it_was_written(table: list[list[str]]) -> None:
    text = "".join(csv_text(table))
    assert text.encode().decode() == text
    assert rows([text]) == [[told(cell) for cell in row] for row in table]


@given(st.lists(st.tuples(ANY | ODD, ODD), min_size=1, max_size=4))
def test_any_results_keep_their_rows_and_columns(texts: list[tuple[str, str]]) -> None:
    results = [
        CaseResult(index, BatchCase(text, (name,)), Classification((Candidate(name),), task_state=name), "TP")
        for index, (text, name) in enumerate(texts)
    ]
    table = rows(batch_csv(batch(results)))[-len(texts) - 1 :]
    assert table[0] == list(HEADER)
    for row, (text, name) in zip(table[1:], texts, strict=True):
        cells = dict(zip(HEADER, row, strict=True))
        assert (cells["Utterances"], cells["Task State"]) == (told(text), told(name))


def test_each_further_entity_has_a_row_of_its_own_and_no_other_column() -> None:
    entities = tuple(EntityResult(name, ("1", "2"), "1", True) for name in "abc")
    result = CaseResult(0, BatchCase("x", ("A",)), Classification((Candidate("A"),)), "TP", entities=entities)
    first, *others = rows(batch_csv(batch([result])))[-3:]
    assert first[5:10] == ["TP", "a", "1 | 2", "1", "True"]
    assert [row[6] for row in others] == ["b", "c"]
    assert all(not any((*row[:6], *row[10:])) for row in others)


def test_no_intent_among_the_candidates_is_no_expected_one() -> None:
    candidates = (Candidate("None", 0.9), Candidate("A", 0.2))
    for intents, score in (((), ""), (("None",), ""), (("A", "None"), "0.2")):
        result = CaseResult(0, BatchCase("x", intents), Classification(candidates=candidates), "TN", True)
        *_, row = rows(batch_csv(batch([result])))
        assert (row[2], row[13]) == ("None", score)


def test_what_a_category_expects_is_shown_as_the_intent() -> None:
    case = BatchCase("wait", fulfillment_type="ConversationIntent-Hold")
    found = Classification(fulfillment="ConversationIntent-Repeat")
    *_, row = rows(batch_csv(batch([CaseResult(0, case, found, "FP")])))
    assert row[1:3] == ["ConversationIntent-Hold", "ConversationIntent-Repeat"]
    assert len(row) == len(HEADER), "only the documented columns"
