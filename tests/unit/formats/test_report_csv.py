import csv
import io

import pytest
from inline_snapshot import snapshot
from tests.unit.formats.report_values import HOSTILE, batch, conversation, reported, step

from vivavoce.domain.utterance import BatchCase, Candidate, CaseResult, Classification
from vivavoce.formats.reports.batch_csv import HEADER, batch_csv
from vivavoce.formats.reports.conversation_csv import conversation_csv
from vivavoce.formats.reports.csv_report import csv_report
from vivavoce.formats.reports.tables import csv_text


def rows(chunks):
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
    summary = dict(row for row in rows(batch_csv(batch(), {"minThreshold": "0.3"})) if len(row) == 2)
    assert (summary["minThreshold"], summary["maxThreshold"]) == ("0.3", "")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_cells_that_a_spreadsheet_would_run_are_guarded(cell):
    assert rows(csv_text([("safe", cell)])) == [["safe", f"'{cell}"]]


@pytest.mark.parametrize("cell", ["a=b", "'=1", " =1", "", "1-2", "a,b", 'a "b"', "a\r\nb", "|`]]>"])
def test_other_cells_stay_as_they_are(cell):
    assert rows(csv_text([("safe", cell)])) == [["safe", cell]]


def test_a_hostile_utterance_stays_one_cell():
    result = CaseResult(0, BatchCase(HOSTILE), Classification(), "TN", True)
    assert rows(batch_csv(batch([result])))[-1][0] == f"'{HOSTILE}"


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
