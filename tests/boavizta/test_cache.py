"""Answers are kept for weeks, over restarts and beside other processes; unknown names for minutes; errors never."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from service.boavizta import Answer, ComponentQuestion, InstanceQuestion, Miss, Policy, Warmed, gpu_question
from service.boavizta.table import AnswerTable
from tests.boavizta.asking import figures, running, until
from tests.boavizta.proxy import FaultProxy
from tests.boavizta.server import VERSION

DAY_S = 86_400.0
H100 = ComponentQuestion("gpu", "NVIDIA H100 SXM 80GB")
H100_KG = (575.1, 575.1, 575.1)
PATIENT = Policy(budget_s=20)
BRITTLE = Policy(budget_s=5, failures=1, attempts=1, open_s=60)
"""Opens at the first failure, and stays so."""
ANSWER = Answer(
    kg_co2e=575.1, low=500.0, high=600.5, life_hours=26_280, version=VERSION, asked_at=1.8e9, keep_until=0.0
)


class Clock:
    """Seconds since 1970, set by the test."""

    s = 1.8e9

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def test_an_answer_is_good_for_thirty_days(proxy: FaultProxy, clock: Clock) -> None:
    """It says until when; after that the server is asked again."""

    async def main() -> None:
        async with running(proxy.address, PATIENT, now=clock) as boavizta:
            answer = await boavizta.embodied(H100)
            assert isinstance(answer, Answer)
            assert (answer.asked_at, answer.keep_until) == (clock.s, clock.s + 30 * DAY_S)
            clock.s += 23 * DAY_S
            assert boavizta.peek(H100) == answer
            clock.s += 7.1 * DAY_S
            assert boavizta.peek(H100) is None
            renewed = await boavizta.embodied(H100)
            assert isinstance(renewed, Answer)
            assert renewed.asked_at == clock.s
            assert set(proxy.questions().values()) == {2}

    asyncio.run(main())


def test_an_answer_is_renewed_before_it_ends(proxy: FaultProxy, clock: Clock) -> None:
    """In the last fifth of its life a hit is answered from memory, and the server is asked behind its back, once."""

    async def main() -> None:
        async with running(proxy.address, PATIENT, now=clock) as boavizta:
            first = await boavizta.embodied(H100)
            clock.s += 29.99 * DAY_S
            assert [boavizta.peek(H100) for _ in range(100)] == [first] * 100
            await until(lambda: boavizta.peek(H100) != first)
            assert set(proxy.questions().values()) == {2}
            assert boavizta.state().misses == 1

    asyncio.run(main())


def test_answers_outlive_the_process(proxy: FaultProxy, tmp_path: Path) -> None:
    """A new one answers from the file, also while the server is down, with nothing asked."""
    file = tmp_path / "new" / "boavizta.sqlite"

    async def main() -> None:
        async with running(proxy.address, PATIENT, file) as boavizta:
            assert figures(await boavizta.embodied(H100)) == H100_KG
        proxy.break_with("refused")
        proxy.asked.clear()
        async with running(proxy.address, BRITTLE, file) as boavizta:
            answer = await boavizta.embodied(H100)
            assert figures(answer) == H100_KG
            assert isinstance(answer, Answer)
            assert not answer.stale
            assert boavizta.peek(H100) == answer
            assert (boavizta.state().version, boavizta.state().misses) == (VERSION, 0)
        assert not proxy.asked

    asyncio.run(main())


def test_a_stale_answer_stands_in_with_its_age(proxy: FaultProxy, clock: Clock, tmp_path: Path) -> None:
    """Past its time, and the server does not answer: the old figure, flagged, aged, not to be kept; else a miss."""

    async def main() -> None:
        async with running(proxy.address, PATIENT, tmp_path / "a.sqlite", now=clock) as boavizta:
            await boavizta.embodied(H100)
        clock.s += 40 * DAY_S
        proxy.break_with("refused")
        async with running(proxy.address, BRITTLE, tmp_path / "a.sqlite", now=clock) as boavizta:
            for _ in range(3):  # the first opens the breaker
                answer = await boavizta.embodied(H100)
                assert isinstance(answer, Answer)
                assert figures(answer) == H100_KG
                assert (answer.stale, answer.age_s, answer.keep_until) == (True, 40 * DAY_S, 0)
            other = await boavizta.embodied(ComponentQuestion("gpu", "NVIDIA L4"))
            assert isinstance(other, Miss)
            assert other.unavailable
            state = boavizta.state()
            assert (state.breaker, state.stale, state.unavailable) == ("open", 3, 1)

    asyncio.run(main())


def test_without_a_file_an_old_answer_still_stands_in(proxy: FaultProxy, clock: Clock) -> None:
    """The table is then in memory."""

    async def main() -> None:
        async with running(proxy.address, BRITTLE, now=clock) as boavizta:
            await boavizta.embodied(H100)
            clock.s += 31 * DAY_S
            proxy.break_with("refused")
            answer = await boavizta.embodied(H100)
            assert isinstance(answer, Answer)
            assert (answer.stale, figures(answer)) == (True, H100_KG)

    asyncio.run(main())


def test_an_unknown_name_stays_unknown_for_ten_minutes(proxy: FaultProxy, clock: Clock) -> None:
    """Its list is not asked for again until then; every other list stays."""

    async def main() -> None:
        async with running(proxy.address, PATIENT, now=clock) as boavizta:
            question = InstanceQuestion("ovh", "b9-999")
            miss = await boavizta.embodied(question)
            assert isinstance(miss, Miss)
            assert miss.keep_until == clock.s + 600
            lists = {key: count for key, count in proxy.asked.items() if "all_instances" in key[0]}
            assert list(lists.values()) == [1]
            clock.s += 590
            assert boavizta.peek(question) == miss
            assert isinstance(await boavizta.embodied(InstanceQuestion("ovh", "b9-998")), Miss)
            assert {key: proxy.asked[key] for key in lists} == lists
            clock.s += 20
            assert boavizta.peek(question) is None
            assert isinstance(await boavizta.embodied(question), Miss)
            assert [proxy.asked[key] for key in lists] == [2]
            assert not proxy.questions()

    asyncio.run(main())


def test_errors_are_never_kept(proxy: FaultProxy, tmp_path: Path) -> None:
    """Once the server is well again, it is asked again."""

    async def main() -> None:
        policy = Policy(budget_s=5, failures=9, attempts=1)
        async with running(proxy.address, policy, tmp_path / "a.sqlite") as boavizta:
            for fault in ("500 text", "200 with HTML", "truncated JSON"):
                proxy.break_with(fault)
                assert isinstance(await boavizta.embodied(H100), Miss)
                assert boavizta.peek(H100) is None
            proxy.mend()
            assert figures(await boavizta.embodied(H100)) == H100_KG

    asyncio.run(main())


def test_another_version_is_another_answer(proxy: FaultProxy, clock: Clock, tmp_path: Path) -> None:
    """Answers of an earlier release are not given as the present one's, but may stand in."""
    file = tmp_path / "a.sqlite"
    old = msgspec.structs.replace(ANSWER, version="2.4.1", kg_co2e=501.0, asked_at=clock.s - 60)
    table = AnswerTable(file, 10)
    table.open()
    table.write(f"{proxy.address}", H100.key, old)
    table.write_version(f"{proxy.address}", "2.4.1")
    table.close()

    async def main() -> None:
        async with running(proxy.address, PATIENT, file, now=clock) as boavizta:
            before = boavizta.peek(H100) or await boavizta.embodied(H100)
            assert isinstance(before, Answer)
            assert (before.version, before.kg_co2e) == ("2.4.1", 501.0)  # the version last heard still holds
            await until(lambda: boavizta.state().version == VERSION)
            after = await boavizta.embodied(H100)
            assert isinstance(after, Answer)
            assert (after.version, after.kg_co2e) == (VERSION, 575.1)
        proxy.break_with("refused")
        clock.s += 50 * DAY_S
        async with running(proxy.address, BRITTLE, file, now=clock) as boavizta:
            stale = await boavizta.embodied(H100)
            assert isinstance(stale, Answer)
            assert (stale.stale, stale.version) == (True, VERSION)

    asyncio.run(main())


def test_a_version_is_looked_at_again_behind_hits(proxy: FaultProxy, clock: Clock) -> None:
    """A server that was upgraded under us is noticed within a minute of use, and no hit waits for it."""

    async def main() -> None:
        async with running(proxy.address, PATIENT, now=clock) as boavizta:
            await boavizta.embodied(H100)
            asked = proxy.asked["/v1/utils/version", b""]
            clock.s += 61
            assert isinstance(boavizta.peek(H100), Answer)
            await until(lambda: proxy.asked["/v1/utils/version", b""] > asked)
            assert set(proxy.questions().values()) == {1}

    asyncio.run(main())


def test_another_release_has_lists_and_answers_of_its_own(proxy: FaultProxy, clock: Clock) -> None:
    """Upgraded under us: names are looked up anew, and so is the figure, which then says its version."""

    async def main() -> None:
        async with running(proxy.address, PATIENT, now=clock) as boavizta:
            await boavizta.embodied(H100)
            proxy.break_with("next release")
            clock.s += 61
            assert isinstance(boavizta.peek(H100), Answer)
            await until(lambda: boavizta.state().version == "2.6.0rc1")
            answer = await boavizta.embodied(H100)
            assert isinstance(answer, Answer)
            assert answer.version == "2.6.0rc1"
            assert proxy.asked["/v1/utils/gpu_name", b""] == 2
            assert set(proxy.questions().values()) == {2}

    asyncio.run(main())


def test_two_servers_share_a_file_and_no_answer(proxy: FaultProxy, clock: Clock, tmp_path: Path) -> None:
    """A server with settings of its own gives other figures: its address belongs to the key."""
    table = AnswerTable(tmp_path / "a.sqlite", 10)
    table.open()
    table.write("http://elsewhere", H100.key, msgspec.structs.replace(ANSWER, asked_at=clock.s))
    table.write_version(proxy.address, VERSION)
    table.close()

    async def main() -> None:
        async with running(proxy.address, PATIENT, tmp_path / "a.sqlite", now=clock) as boavizta:
            assert boavizta.state().version == VERSION
            assert figures(await boavizta.embodied(H100)) == H100_KG
            proxy.break_with("refused")

    asyncio.run(main())


def test_warming_asks_for_what_is_not_kept(proxy: FaultProxy, tmp_path: Path) -> None:
    """Every instance type of a provider, once, a few at a time, with progress; the second time nothing is asked."""
    told: list[tuple[int, int]] = []

    async def main() -> None:
        async with running(proxy.address, PATIENT, tmp_path / "a.sqlite") as boavizta:
            known = await boavizta.embodied(InstanceQuestion("ovh", "b2-7"))
            assert isinstance(known, Answer)
            warmed = await boavizta.warm("ovh", lambda done, of: told.append((done, of)))
            assert warmed == Warmed(kept=50, unknown=0, left=0)
            assert told == [(done, 50) for done in range(1, 51)]
            assert len(proxy.questions()) == 50
            assert set(proxy.questions().values()) == {1}
            assert proxy.most_connections <= 3
        async with running(proxy.address, PATIENT, tmp_path / "a.sqlite") as boavizta:
            assert await boavizta.warm("ovh") == warmed
            assert set(proxy.questions().values()) == {1}

    asyncio.run(main())


def test_warming_stops_where_the_server_fails(proxy: FaultProxy) -> None:
    """It says how many are left."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=5, failures=2, attempts=1)) as boavizta:
            await boavizta.embodied(InstanceQuestion("ovh", "b2-7"))
            proxy.break_with("500 text")
            warmed = await boavizta.warm("ovh")
            assert warmed == Warmed(kept=1, unknown=0, left=49)
            assert proxy.asked.total() < 10
            unlisted = await boavizta.warm("scaleway")
            assert isinstance(unlisted, Miss)
            assert unlisted.unavailable

    asyncio.run(main())


# the file


def spoil_bytes(file: Path) -> None:
    """Write what is no database."""
    file.write_bytes(b"not a database" * 1000)


def spoil_page(file: Path) -> None:
    """Overwrite a page in the middle."""
    content = bytearray(file.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    file.write_bytes(content)


def truncate(file: Path) -> None:
    """Cut the end off."""
    file.write_bytes(file.read_bytes()[:5000])


def another_layout(file: Path) -> None:
    """Be the file of another release."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version=99")


def another_program(file: Path) -> None:
    """Be a database of something else."""
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE browser_history (url TEXT)")


def other_columns(file: Path) -> None:
    """Have our tables' names and not their columns."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE answer RENAME COLUMN low TO lowest")


@pytest.mark.parametrize(
    "spoil",
    [spoil_bytes, spoil_page, truncate, another_layout, another_program, other_columns],
    ids=lambda f: f.__name__,
)
def test_a_spoiled_file_is_set_aside_and_built_anew(
    proxy: FaultProxy, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: object
) -> None:
    """One line in the log, the old file beside the new one, and answers as ever."""
    file = tmp_path / "boavizta.sqlite"

    async def main() -> None:
        async with running(proxy.address, PATIENT, file) as boavizta:
            await boavizta.embodied(H100)
        assert callable(spoil)
        spoil(file)
        spoiled = file.read_bytes()
        caplog.clear()
        async with running(proxy.address, PATIENT, file) as boavizta:
            assert figures(await boavizta.embodied(H100)) == H100_KG
            assert boavizta.state().misses == 1
        assert [record.levelname for record in caplog.records if "set aside" in record.message] == ["WARNING"]
        assert (tmp_path / "boavizta.sqlite.broken").read_bytes() == spoiled
        proxy.break_with("refused")
        async with running(proxy.address, PATIENT, file) as boavizta:
            assert figures(await boavizta.embodied(H100)) == H100_KG

    asyncio.run(main())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("high", 1.0),
        ("low", -1.0),
        ("kg_co2e", 9e99),
        ("asked_at", float("inf")),
        ("warnings", "{}"),
        ("life_hours", "x"),
    ],
)
def test_a_row_without_sense_spoils_the_file(
    proxy: FaultProxy, tmp_path: Path, caplog: pytest.LogCaptureFixture, column: str, value: object
) -> None:
    """Nothing else in it is believed either; it is found when the row is read, in the midst of running."""
    file = tmp_path / "boavizta.sqlite"

    async def main() -> None:
        async with running(proxy.address, PATIENT, file) as boavizta:
            await boavizta.embodied(H100)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema=ON")
            connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')")
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute(f"UPDATE answer SET {column} = ?", (value,))  # noqa: S608 - names of ours
        async with running(proxy.address, PATIENT, file) as boavizta:
            assert figures(await boavizta.embodied(H100)) == H100_KG
            assert boavizta.state().misses == 1
        assert sum("set aside" in record.message for record in caplog.records) == 1
        assert (tmp_path / "boavizta.sqlite.broken").is_file()

    asyncio.run(main())


def test_an_answer_from_the_future_is_asked_for_anew(proxy: FaultProxy, clock: Clock, tmp_path: Path) -> None:
    """The clock was put back, or somebody wrote it: it would never end."""
    file = tmp_path / "a.sqlite"

    async def main() -> None:
        async with running(proxy.address, PATIENT, file, now=clock) as boavizta:
            await boavizta.embodied(H100)
        clock.s -= 100 * DAY_S
        async with running(proxy.address, PATIENT, file, now=clock) as boavizta:
            answer = await boavizta.embodied(H100)
            assert isinstance(answer, Answer)
            assert (answer.asked_at, boavizta.state().misses) == (clock.s, 1)

    asyncio.run(main())


def test_where_there_can_be_no_file_memory_serves(
    proxy: FaultProxy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder of that name is left alone; a path through a file is no path."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "precious").touch()
    (tmp_path / "file").touch()

    async def main() -> None:
        for file in (tmp_path / "folder", tmp_path / "file" / "boavizta.sqlite"):
            caplog.clear()
            async with running(proxy.address, PATIENT, file) as boavizta:
                assert figures(await boavizta.embodied(H100)) == H100_KG
                assert boavizta.peek(H100) is not None
            assert ["memory" in record.message for record in caplog.records] == [True]
        assert (tmp_path / "folder" / "precious").exists()

    asyncio.run(main())


WRITER = """
import sys
from pathlib import Path
import msgspec
from service.boavizta.answers import Answer
from service.boavizta.table import AnswerTable

table = AnswerTable(Path(sys.argv[1]), 50_000)
table.open()
answer = Answer(kg_co2e=2.0, low=1.0, high=3.0, life_hours=None, version="2.5.0", asked_at=1.8e9, keep_until=0.0)
for turn in range(200):
    table.write("server", f"{sys.argv[2]}:{turn}", answer)
    assert table.read("server", f"{sys.argv[2]}:{turn}", "2.5.0") == answer
    table.write("server", "everyone's", answer)
table.close()
"""


ON_A_FULL_DISK = """
import logging, resource, sys
from pathlib import Path
from service.boavizta.answers import Answer
from service.boavizta.table import AnswerTable

logging.basicConfig(format="%(message)s")
table = AnswerTable(Path(sys.argv[1]), 50_000)
table.open()
answer = Answer(kg_co2e=2.0, low=1.0, high=3.0, life_hours=None, version="2.5.0", asked_at=1.8e9, keep_until=0.0)
table.write("server", "kept", answer)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))
for turn in range(1000):
    table.write("server", f"{turn:0200}", answer)
    assert table.read("server", "kept", "2.5.0") == answer
assert sum(table.read("server", f"{turn:0200}", "2.5.0") is not None for turn in range(1000)) < 900
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
table.write("server", "later", answer)
assert table.read("server", "later", "2.5.0") == answer
table.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
def test_a_full_disk_spoils_nothing(tmp_path: Path) -> None:
    """What was kept is read on, new answers are not kept, which is not told for each; with room again they are."""
    file = tmp_path / "a.sqlite"
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", ON_A_FULL_DISK, str(file)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told = done.stderr.splitlines()
    assert 1 <= len(told) < 10
    assert all("answers are not kept for now" in line for line in told)
    assert not file.with_name("a.sqlite.broken").exists()


def test_several_processes_share_one_file(tmp_path: Path) -> None:
    """They make it at the same moment, write at the same time, and no answer is lost."""
    file = tmp_path / "shared.sqlite"
    command = [sys.executable, "-W", "error", "-c", WRITER, str(file)]
    root = Path(__file__).parent.parent.parent
    writers = [
        subprocess.Popen([*command, str(number)], cwd=root, stderr=subprocess.PIPE, text=True) for number in range(4)
    ]
    said = [writer.communicate(timeout=60)[1] for writer in writers]
    assert said == [""] * 4
    assert [writer.returncode for writer in writers] == [0] * 4
    table = AnswerTable(file, 50_000)
    table.open()
    assert all(table.read("server", f"{number}:{turn}", VERSION) for number in range(4) for turn in range(200))
    assert table.read("server", "everyone's", VERSION) is not None
    table.close()
    assert not file.with_name("shared.sqlite.broken").exists()


def test_a_writer_elsewhere_keeps_no_reader_waiting(proxy: FaultProxy, tmp_path: Path) -> None:
    """Another process holds the file for writing: answers are read from it all the same, and new ones are given."""
    file = tmp_path / "a.sqlite"

    async def main() -> None:
        async with running(proxy.address, PATIENT, file) as boavizta:
            await boavizta.embodied(H100)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            async with running(proxy.address, PATIENT, file) as boavizta:
                connection.execute("BEGIN EXCLUSIVE")
                assert figures(await boavizta.embodied(H100)) == H100_KG
                assert boavizta.state().misses == 0
                question = gpu_question("l4")
                assert not isinstance(question, Miss)
                assert isinstance(await boavizta.embodied(question), Answer)
                connection.execute("COMMIT")

    asyncio.run(main())


def test_the_file_keeps_the_newest(tmp_path: Path) -> None:
    """It is pruned when it is opened, so no caller can fill a disk with odd hosts."""
    file = tmp_path / "a.sqlite"
    for most, expected in ((100, 7), (5, 5)):
        table = AnswerTable(file, most)
        table.open()
        for turn in range(7 if most == 100 else 0):
            table.write("server", str(turn), msgspec.structs.replace(ANSWER, asked_at=1e9 + turn))
        assert sum(table.read("server", str(turn), VERSION) is not None for turn in range(7)) == expected
        assert table.read("server", "6", VERSION) is not None
        table.close()
