"""Places and the queue before them."""

import asyncio

from service.access.room import Room


def test_a_place_goes_to_the_one_that_waits_longest() -> None:
    """One in, two wait, a fourth is turned away; order of arrival."""

    async def scene() -> list[str]:
        room, seen = Room(1, 2, 60), list[str]()
        assert room.enter_now()

        async def come(name: str) -> None:
            seen.append(f"{name} {await room.enter()}")

        first, second = asyncio.ensure_future(come("first")), asyncio.ensure_future(come("second"))
        await asyncio.sleep(0)
        await come("third")
        room.leave()
        await first
        room.leave()
        await second
        room.leave()
        assert (room.free, room.waiting) == (1, 0)
        return seen

    assert asyncio.run(scene()) == ["third False", "first True", "second True"]


def test_a_wait_ends() -> None:
    """Too long: no, and no place is lost; nor by one that is broken off as it gets its place."""

    async def scene() -> None:
        room = Room(1, 2, 0.01)
        assert await room.enter()
        assert not await room.enter()
        waiting = asyncio.ensure_future(room.enter())
        await asyncio.sleep(0)
        room.leave()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (room.free, room.waiting) == (1, 0)

    asyncio.run(scene())
