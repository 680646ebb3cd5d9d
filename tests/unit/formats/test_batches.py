import io
import json
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivavoce.domain.batch.utterance import BatchCase, EntityExpectation
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed
from vivavoce.formats.batch_csv import read_csv
from vivavoce.formats.batch_json import read_json
from vivavoce.formats.batches import batch_csv_file, batch_document, guess_file_type, read_batch
from vivavoce.formats.detect import kind_of

HEADER = "input,intent,parentIntent,entityName,entityValue,entityOrder\n"
WAY_OUT = "save the file as UTF-8, or convert it: `viva convert IN OUT --encoding cp1252`"
SHARED = Path(__file__).parents[3].parent / "shared"


class Drip(io.RawIOBase):
    """A stream that gives out a few bytes at a time, so that borders fall everywhere."""

    def __init__(self, data: bytes, size: int) -> None:
        self._stream = io.BytesIO(data)
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._stream.read() if size < 0 else self._stream.read(self._size)


def read(data: str | bytes, delimiter: str | None = None) -> list[BatchCase]:
    """The cases alone; what is odd between them is in test_batch_warnings."""
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_batch(stream, file_type=None, delimiter=delimiter, warn=None))


def rows(text: str) -> list[BatchCase]:
    return read(HEADER + text)


def problems(data: str | bytes, delimiter: str | None = None) -> list[str]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    with pytest.raises(Malformed) as refused:
        list(read_batch(stream, file_type=None, delimiter=delimiter, warn=lambda warning: None))
    return [str(problem) for problem in refused.value.problems]


def cells(case: BatchCase) -> tuple[Any, ...]:
    """A case without the place where it stood."""
    return (
        case.utterance,
        case.intents,
        case.traits,
        case.parent_intents,
        case.entities,
        case.entity_order,
        case.fulfillment_type,
        case.bot_names,
    )


class TestCsv:
    def test_columns(self) -> None:
        assert rows("pay 5,Pay,Bills||Money,amount,5 USD,amount>date\n") == [
            BatchCase(
                "pay 5",
                ("Pay",),
                parent_intents=("Bills", "Money"),
                entities=(EntityExpectation("amount", ("5 USD",)),),
                entity_order=("amount", "date"),
                line=2,
            )
        ]

    @pytest.mark.parametrize(
        ("cell", "intents", "traits"),
        [
            ("A", ("A",), ()),
            ("A | B | C", ("A", "B", "C"), ()),
            ("A|B", ("A|B",), ()),
            ("A || B", ("A || B",), ()),
            ("trait: T1||T2", (), ("T1", "T2")),
            ("Trait:T1", (), ("T1",)),
            (
                "trait: ",
                ("trait:",),
                (),
            ),  # nobody's name: it fails and is seen, where nothing expected would pass
            ("A | trait: T", ("A",), ("T",)),
            ("", (), ()),
            ("None", (), ()),
            ("none", (), ()),
            ("~positiveackwords", ("~positiveackwords",), ()),
            ("thank~you", ("thank~you",), ()),
            ("How do I open an account?", ("How do I open an account?",), ()),
        ],
    )
    def test_intents(self, cell: str, intents: tuple[str, ...], traits: tuple[str, ...]) -> None:
        for data in (HEADER + f"hi,{cell}\n", json.dumps({"testCases": [{"input": "hi", "intent": cell}]})):
            [case] = read(data)
            assert (case.intents, case.traits) == (intents, traits)

    @pytest.mark.parametrize("cell", ["Outer||Inner", "Outer>>Inner", " Outer || Inner "])
    def test_parents(self, cell: str) -> None:
        assert rows(f"hi,A,{cell}\n")[0].parent_intents == ("Outer", "Inner")

    def test_rows_of_one_utterance_are_one_case(self) -> None:
        data = (
            "pay,Pay,,amount,5\npay,Pay,,amount,five\npay,Pay,,date,today\npay,Other,,date,today\npay,Pay\n"
        )
        cases = rows(data)
        assert [case.line for case in cases] == [2, 5, 6]
        assert cases[0].entities == (
            EntityExpectation("amount", ("5", "five")),
            EntityExpectation("date", ("today",)),
        )

    def test_another_context_is_another_case(self) -> None:
        assert [case.parent_intents for case in rows("yes,Y,A\nyes,Y,B\n")] == [("A",), ("B",)]

    def test_rows_without_input_add_entities(self) -> None:
        cases = rows("pay,Pay,,amount,5,amount>date\n,,,date,today\n ,Pay,,to,Bob\nhi,Hi\n")
        assert [entity.name for entity in cases[0].entities] == ["amount", "date", "to"]
        assert cases[0].entity_order == ("amount", "date")
        assert cases[1].utterance == "hi"

    def test_values_are_kept_as_they_are_written(self) -> None:
        [case] = rows('pay,Pay,,amount,a||b\npay,Pay,,when,from:1|to:2\npay,Pay,,code,"[A-Z]{2,3}"\n')
        assert [entity.values for entity in case.entities] == [("a||b",), ("from:1|to:2",), ("[A-Z]{2,3}",)]

    def test_blanks_trailing_commas_and_empty_rows(self) -> None:
        data = '\r\n, ,\r\n input , intent ,,,\r\n  hi  ,  Greet  ,,,\r\n\r\n,,,,\r\n"a, b" , "Two"  ,,\r\n'
        assert [(case.utterance, case.intents, case.line) for case in read(data)] == [
            ("hi", ("Greet",), 4),
            ("a, b", ("Two",), 7),
        ]

    def test_later_columns_may_be_missing_and_stand_in_any_order(self) -> None:
        assert read("Intent,INPUT\nGreet,hi\n") == [BatchCase("hi", ("Greet",), line=2)]

    def test_quoted_cells_hold_line_ends_and_quotes(self) -> None:
        cases = rows('"line one\r\nline ""two""",A\nnext,B\n')
        assert [(case.utterance, case.line) for case in cases] == [('line one\r\nline "two"', 2), ("next", 4)]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("size", [1, 2, 3, 1 << 20])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_line_ends_and_borders_of_chunks(self, end: str, size: int, mark: bytes) -> None:
        lines = ["input,intent", "“ünï😀”,A", '"a', 'b",B', "last,C"]
        stream = Drip(mark + end.join(lines).encode(), size)
        cases = list(read_csv(cast(BinaryIO, stream), None, pytest.fail))  # enough of a stream
        assert [(case.utterance, case.line) for case in cases] == [
            ("“ünï😀”", 2),
            (f"a{end}b", 3),
            ("last", 5),
        ]

    @pytest.mark.parametrize(
        ("character", "names"),
        [
            (",", [None, ",", "comma"]),
            (";", [None, ";", "semicolon", "SemiColon"]),
            ("\t", [None, "\t", "tab"]),
            ("|", [None, "|", "pipe"]),
            ("^", ["^"]),
        ],
    )
    def test_delimiters(self, character: str, names: list[str | None]) -> None:
        for name in names:
            cases = read(f"input{character}intent\nhi, you{character}Greet\n".replace(", ", " "), name)
            assert cells(cases[0])[:2] == ("hi you", ("Greet",))

    def test_dgpt_columns(self) -> None:
        [case] = read("input,intent,fulfillmentType,botName\nhi,A,single,Bank|Airline\n")
        assert (case.fulfillment_type, case.bot_names) == ("single", ("Bank", "Airline"))

    def test_unknown_columns_are_warned_of(self) -> None:
        warnings: list[str] = []
        data = b"input,intent,entityNam,remark\nhi,A,x,y\n"
        list(read_batch(io.BytesIO(data), file_type="csv", delimiter=None, warn=warnings.append))
        assert warnings == [
            "line 1, column 3: unknown column `entityNam`, ignored; did you mean `entityName`?",
            "line 1, column 4: unknown column `remark`, ignored",
        ]

    def test_cells_that_look_like_formulas_stay(self) -> None:
        assert rows("=1+1,A\n@me,B\n-5,C\n")[0].utterance == "=1+1"


class TestBadCsv:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ("", ["the file is empty"]),
            ("\n , ;\n", ["the file is empty"]),
            (HEADER, ["the file holds no utterances"]),
            (HEADER + ",,,\n\n", ["the file holds no utterances"]),
            (
                "hello,Greet\nbye,Bye\n",
                [
                    "line 1, column 1: the header lacks input and intent (the first line must be "
                    "input,intent,parentIntent,entityName,entityValue,entityOrder "
                    "(the last four may be missing), with commas, semicolons, tabs or pipes between)"
                ],
            ),
            ("input,input,intent\n", ["line 1, column 2: the column `input` stands there twice"]),
            (
                HEADER + "hi,A\n" + "x" * 3_001 + ",B\n",
                ["line 3, column 1: the utterance has 3,001 characters; at most 3,000 are allowed"],
            ),
            (
                HEADER + ",,,amount,5\n",
                ["line 2, column 1: the row has no input and no case stands above it"],
            ),
            (HEADER + "hi,A\n,B,,x,1\n", ["line 3, column 1: the row names another intent but no input"]),
            (HEADER + "hi,A,,,5\n", ["line 2, column 5: an entity value without an entity name"]),
            (
                "input,intent\nhello, world,Greet\n",
                [
                    "line 2, column 3: a cell outside the header's columns "
                    "(a cell that holds the delimiter must stand in quotes)"
                ],
            ),
            (HEADER + 'hi,A\n"open,B\nnext,C\n', ["line 3, column 1: a quote is opened and never closed"]),
            (
                HEADER + '"' + "x\n" * 200_000,
                [
                    "line 2, column 1: field larger than field limit (131072) "
                    "(is a quote opened and never closed?)"
                ],
            ),
            (HEADER + "x" * 5_000_000, ["line 2, column 1: the line is longer than 4,194,304 characters"]),
            (
                HEADER.encode() + b"hi,A\ncaf\xe9,B\n",
                [f"line 3, column 4: not UTF-8: byte {len(HEADER) + 8} (0xe9) ({WAY_OUT})"],
            ),
            (
                HEADER.encode() + b"hi,A\n\xc3",
                [f"line 3, column 1: not UTF-8: byte {len(HEADER) + 5} (0xc3) ({WAY_OUT})"],
            ),
            (HEADER.encode() + b"a\0b,A\n", [f"line 2, column 2: a NUL byte (byte {len(HEADER) + 1})"]),
            (
                (HEADER + "hi,A\n").encode("utf-32"),
                [f"line 1, column 1: the file is UTF-32 (byte 0) ({WAY_OUT.replace('cp1252', 'utf-32')})"],
            ),
        ],
    )
    def test_is_refused_with_its_place(self, data: str | bytes, expected: list[str]) -> None:
        assert problems(data) == expected

    def test_exactly_three_thousand_characters_are_fine(self) -> None:
        assert len(rows("😀" * 3_000 + ",A\n")[0].utterance) == 3_000

    def test_wrong_delimiter(self) -> None:
        [problem] = problems("input;intent\nhi;A\n", "comma")
        assert problem == (
            "line 1, column 1: the header lacks input and intent (the delimiter seems to be `;`)"
        )

    @pytest.mark.parametrize("delimiter", ["", "dot", "a", '"', "\n", ",,"])
    def test_no_delimiter(self, delimiter: str) -> None:
        [problem] = problems("input,intent\nhi,A\n", delimiter)
        assert "is no delimiter" in problem

    def test_good_cases_come_before_the_first_problem_and_none_after(self) -> None:
        stream = io.BytesIO((HEADER + "a,A\nb,B\n" + "x" * 3_001 + ",C\nd,D\n").encode())
        cases = read_batch(stream, file_type="csv", delimiter=None, warn=lambda warning: None)
        assert [next(cases).utterance, next(cases).utterance] == ["a", "b"]
        with pytest.raises(Malformed):
            next(cases)

    def test_all_problems_are_told_and_fifty_are_enough(self) -> None:
        long = "x" * 3_001
        assert len(problems(HEADER + "".join(f"{long}{row},A\n" for row in range(3)))) == 3
        assert len(problems(HEADER + "".join(f"{long}{row},A\n" for row in range(500)))) == 50

    def test_too_many_utterances(self) -> None:
        stream = io.BytesIO(b"input,intent\na,A\na,A\nb,B\nc,C\n")
        cases = read_csv(stream, None, pytest.fail, limit=2)
        assert [next(cases).utterance, next(cases).utterance] == ["a", "b"]
        with pytest.raises(Malformed, match="line 5, column 1: more than 2 utterances"):
            next(cases)


class TestJson:
    def test_case(self) -> None:
        document = {
            "testCases": [
                {
                    "input": " pay 5 ",
                    "intent": "Pay | Transfer",
                    "parentIntent": "Outer||Inner",
                    "entities": [
                        {"entityName": "amount", "entityValue": "5"},
                        {"entityName": "amount", "entityValue": 5.5},
                        {"entityName": "date", "entityValue": None},
                    ],
                    "entityOrder": ["amount", "date"],
                    "fulfillmentType": "single",
                    "botName": "A|B",
                },
                {"input": "hi", "intent": None, "entities": None, "entityOrder": "a>b"},
                {"input": "hi"},
            ]
        }
        assert read(json.dumps(document)) == [
            BatchCase(
                "pay 5",
                ("Pay", "Transfer"),
                parent_intents=("Outer", "Inner"),
                entities=(EntityExpectation("amount", ("5", "5.5")), EntityExpectation("date", ("",))),
                entity_order=("amount", "date"),
                fulfillment_type="single",
                bot_names=("A", "B"),
            ),
            BatchCase("hi", entity_order=("a", "b")),
            BatchCase("hi"),
        ]

    def test_unknown_keys_are_warned_of_and_fit_the_rest(self) -> None:
        warnings: list[str] = []
        data = json.dumps({"testCases": [{"input": "hi", "intents": "A"}] * 2, "version": 2}).encode()
        cases = list(read_batch(io.BytesIO(data), file_type="json", delimiter=None, warn=warnings.append))
        assert [case.utterance for case in cases] == ["hi", "hi"]
        assert warnings == [
            "$.version: unknown key, ignored",
            "$.testCases[0].intents: unknown key, ignored; did you mean `intent`? (and at 1 more place)",
            "1 utterance stands there again with the same expectations and counts twice "
            "(first $.testCases[1], as $.testCases[0])",
        ]

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ("{", ["line 1, column 2: the JSON ends before it is complete (was it cut off?)"]),
            ("[]", ['$: expected an object (write {"testCases": [...]})']),
            ("{}", ["$: `testCases` is missing"]),
            ('{"testCases": 3}', ["$.testCases: expected a list"]),
            ('{"testCases": []}', ["$.testCases: the suite is empty"]),
            ('{"testCases": ["a"]}', ["$.testCases[0]: expected an object, got a text"]),
            ('{"testCases": [{"intent": "A"}]}', ["$.testCases[0]: `input` is missing"]),
            ('{"testCases": [{"input": ""}]}', ["$.testCases[0].input: the input is empty"]),
            (
                '{"testCases": [{"input": 1, "entities": [{"entityName": 2, "entityValue": []}, {}]}]}',
                [
                    "$.testCases[0].input: expected a text, got a whole number",
                    "$.testCases[0].entities[0].entityName: expected a text, got a whole number",
                    "$.testCases[0].entities[0].entityValue: "
                    "expected a text or a whole number or a number or true or false, got a list",
                    "$.testCases[0].entities[1]: `entityName` is missing",
                ],
            ),
            (
                json.dumps({"testCases": [{"input": "a"}, {"input": "x" * 3_001}]}),
                ["$.testCases[1].input: the utterance has 3,001 characters; at most 3,000 are allowed"],
            ),
            ('{"testCases": [{"input": "a\\u0000"}]}', ["$.testCases[0].input: holds the character U+0000"]),
            ("[" * 100_000, ["line 1, column 129: nested too deeply"]),
            (
                b'{"testCases": [\n{"input": "\xff"}]}',
                [f"line 2, column 12: not UTF-8: byte 27 (0xff) ({WAY_OUT})"],
            ),
        ],
    )
    def test_bad_input(self, data: str | bytes, expected: list[str]) -> None:
        assert problems(data) == expected

    def test_too_many_utterances(self) -> None:
        data = b'{"testCases": [{"input": "a"}, {"input": "b"}, {"input": "c"}]}'
        with pytest.raises(Malformed, match=r"\$\.testCases\[2\]: more than 2 utterances"):
            list(read_json(data, pytest.fail, limit=2))

    def test_content_wins_over_what_was_announced(self) -> None:
        warnings: list[str] = []
        data = b"input,intent\nhi,A\n"
        [case] = read_batch(io.BytesIO(data), file_type="json", delimiter=None, warn=warnings.append)
        assert case.intents == ("A",)
        assert warnings == ["the file was announced as json and is read as CSV"]


words = st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Z"], exclude_characters="|>~"))
names = words.map(str.strip).filter(lambda name: name and name.lower() != "none" and ":" not in name)
entities = st.dictionaries(names, st.lists(names, min_size=1, max_size=2, unique=True).map(tuple), max_size=2)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(
            BatchCase,
            utterance=names,
            intents=st.lists(names, max_size=3).map(tuple),
            traits=st.lists(names, max_size=2).map(tuple),
            parent_intents=st.lists(names, max_size=2).map(tuple),
            entities=entities.map(lambda found: tuple(EntityExpectation(*item) for item in found.items())),
            entity_order=st.lists(names, max_size=2).map(tuple),
            fulfillment_type=st.sampled_from(["", "single"]),
            bot_names=st.lists(names, max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_cases_survive_the_json_form(cases: list[BatchCase]) -> None:
    assert read(b"".join(batch_document(cases))) == cases


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'\xef\xbb\xbf \n{"a"', "json"),
        (b"[1]", "json"),
        (b"input,intent\n", "csv"),
        (b"", "csv"),
        (b'"input","intent"', "csv"),
    ],
)
def test_file_type(data: bytes, expected: str) -> None:
    assert guess_file_type(data) == expected


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"input,intent\nhi,A\n", SuiteKind.BATCH),
        (b"\xff\xfe nonsense", SuiteKind.BATCH),
        (b'{"testCases": [{"input": "a", "intent": "A"}]}', SuiteKind.BATCH),
        (b'\xef\xbb\xbf{"testCases": [{"intent": "A"}]}', SuiteKind.BATCH),
        (b'{"testCases": [{"name": "n", "messages": [{"input": "a"}]}]}', SuiteKind.CONVERSATION),
        (b'{"testSteps": [{"input": "a", "outputs": []}]}', SuiteKind.CONVERSATION),
        (b'{"testCases": []}', SuiteKind.CONVERSATION),
        (b'{"testCases": [3]}', SuiteKind.CONVERSATION),
        (b"", SuiteKind.CONVERSATION),
        (b" \n", SuiteKind.CONVERSATION),
        (b"[1]", SuiteKind.CONVERSATION),
        (b"[" * 100_000, SuiteKind.CONVERSATION),
        (b'{"testCases": [{"input": "a", "intent": "A"', SuiteKind.BATCH),
        (b'{"testCases": [{"messages": [{"input": "\xff", "intent": ', SuiteKind.CONVERSATION),
    ],
)
def test_kind(data: bytes, kind: SuiteKind) -> None:
    assert kind_of(data) is kind


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="no real datasets beside the checkout")
def test_banking77_with_its_columns_renamed() -> None:
    data = (SHARED / "data" / "banking77" / "test.csv").read_bytes()
    cases = read(data.replace(b"text,category", b"input,intent", 1))
    assert len(cases) == 3_080
    assert len({case.intents for case in cases}) == 77


class TestOurOwn:
    """Case ids, by which runs are paired, and the line that spreadsheets write first."""

    def test_ids(self) -> None:
        data = "caseId,input,intent,entityName,entityValue\nx,pay,Pay,to,Ann\n,pay,Pay,to,Bob\ny,pay,Pay\n"
        first, second = read(data)
        assert (first.id, first.entities[0].values, second.id) == ("x", ("Ann", "Bob"), "y")
        cases = [{"input": "a", "caseId": " x "}, {"input": "b", "caseId": 7}, {"input": "c"}]
        assert [case.id for case in read(json.dumps({"testCases": cases}))] == ["x", "7", ""]

    @pytest.mark.parametrize("kind", ["csv", "json"])
    def test_an_id_given_twice(self, kind: str) -> None:
        cases = [BatchCase("a", ("A",), id="x"), BatchCase("b", ("A",), id="x")]
        data = "".join(batch_csv_file(cases)).encode() if kind == "csv" else b"".join(batch_document(cases))
        place, first = ("line 3", "line 2") if kind == "csv" else ("$.testCases[1]", "$.testCases[0]")
        assert problems(data) == [
            f"{place}: the case id of {first} stands there again (give it another one, or leave it empty)"
        ]

    @pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "\ufeffsep=;", "sep=;;;;"])
    def test_the_line_that_names_the_delimiter(self, line: str) -> None:
        [case] = read(f"{line}\r\ninput;intent\r\nhi, you;A\r\n")
        assert (case.utterance, case.line) == ("hi, you", 3)

    def test_the_line_names_a_tab(self) -> None:
        assert read("sep=\t\ninput\tintent\nhi\tA\n")[0].intents == ("A",)

    def test_what_the_request_says_wins(self) -> None:
        assert read("sep=;\ninput,intent\nhi;you,A\n", delimiter=",")[0].utterance == "hi;you"

    def test_alone_it_is_an_empty_file(self) -> None:
        assert problems("sep=;\n") == ["the file is empty"]


class TestCsvWriting:
    def test_columns_as_far_as_they_are_used(self) -> None:
        def header(**fields: Any) -> str:
            return next(iter(batch_csv_file([BatchCase("hi", ("A",), **fields)]))).splitlines()[0]

        assert header() == HEADER.strip()
        assert header(fulfillment_type="single") == HEADER.strip() + ",fulfillmentType"
        assert header(bot_names=("B",)) == HEADER.strip() + ",fulfillmentType,botName"
        assert header(id="x") == HEADER.strip() + ",fulfillmentType,botName,caseId"

    def test_no_cell_is_changed_that_looks_like_a_formula(self) -> None:
        [text] = batch_csv_file([BatchCase('=1+1,"x"', ("-A",))])
        assert text.splitlines()[1] == '"=1+1,""x""",-A,,,,'

    def test_an_entity_without_a_value(self) -> None:
        [text] = batch_csv_file([BatchCase("hi", ("A",), entities=(EntityExpectation("e", ()),))])
        assert read(text)[0].entities == (EntityExpectation("e", ("",)),)

    def test_large_suites_come_in_chunks(self) -> None:
        cases = [BatchCase(f"utterance {number}", ("A",)) for number in range(10_000)]
        chunks = list(batch_csv_file(cases))
        assert len(chunks) > 3
        assert max(map(len, chunks)) < 80_000
        assert [case.utterance for case in read("".join(chunks))] == [case.utterance for case in cases]


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
).filter(lambda text: text == text.strip() != "")
cell_cases = st.builds(
    BatchCase,
    utterance=texts,
    intents=st.lists(names, max_size=3).map(tuple),
    traits=st.lists(names, max_size=2).map(tuple),
    parent_intents=st.lists(names, max_size=2).map(tuple),
    entities=st.dictionaries(
        texts, st.lists(texts, min_size=1, max_size=2, unique=True).map(tuple), max_size=2
    ).map(lambda found: tuple(EntityExpectation(*item) for item in found.items())),
    entity_order=st.lists(names, max_size=2).map(tuple),
    fulfillment_type=st.sampled_from(["", "single"]),
    bot_names=st.lists(names, max_size=2).map(tuple),
    id=st.just("") | names,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(cell_cases, min_size=1, max_size=3, unique_by=lambda case: case.utterance))
def test_cases_survive_both_forms(cases: list[BatchCase]) -> None:
    """Cases of one utterance that follow one another are one case in CSV, so that these differ."""
    assert read(b"".join(batch_document(cases))) == cases
    found = read("".join(batch_csv_file(cases)))
    assert [msgspec.structs.replace(case, line=0) for case in found] == cases
