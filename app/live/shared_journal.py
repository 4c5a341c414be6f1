"""The journal of a database that other processes write to as well.

What is to be stored was judged and numbered by what this process knows. Its transaction first takes
hold of the attempts, then asks what others have appended since. Mostly that is nothing. If it is
something, the rooms are told while the attempts are still held: they take it in, and judge and
number anew what they want stored. So the order of the database is the order of every log, and two
that see a clock run out together write one end.

With the commit the other processes hear how far each log goes now.
"""

import asyncio
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from app.live.bus import notice_from_database
from app.live.journal import Batch, Journal, Tail, write
from app.storage import notices, shared_logs
from app.storage.shared_logs import Appended

TOPIC = "log"
NEVER = "never"


class SharedJournal(Journal):
    # Here those who look on wait too.
    pause_s = 0.008

    async def keep(self, batches: Sequence[Batch]) -> None:
        tails = {batch.tail for batch in batches if batch.tail is not None}
        if not tails:
            return
        session = Session(self.engine)
        try:
            news = await asyncio.to_thread(self._begin, session, batches, tails)
            for tail, appended in news:
                tail.overtaken(appended)
            if news:
                await asyncio.to_thread(self._finish, session, batches)
        except BaseException:
            await asyncio.to_thread(session.close)
            raise

    def _begin(
        self, session: Session, batches: Sequence[Batch], tails: Iterable[Tail]
    ) -> list[tuple[Tail, Appended]]:
        """What others have appended, the attempts still held; if it is nothing, all is stored."""
        # What has no entries now may have some once it is judged anew.
        writing = {batch.tail.attempt_id for batch in batches if batch.tail and batch.writes}
        if writing:
            shared_logs.hold(session, writing)
        heads = shared_logs.heads_of(session, {tail.attempt_id for tail in tails})
        news = []
        for tail in tails:
            head = heads.get(tail.attempt_id, 0)
            if head < tail.head:
                raise LookupError(f"the log of {tail.attempt_id} is shorter than it was")
            if head > tail.head:
                appended = shared_logs.read_after(session, tail.attempt_id, tail.head)
                if appended is not None:
                    news.append((tail, appended))
        if not news:
            self._finish(session, batches)
        return news

    def _finish(self, session: Session, batches: Sequence[Batch]) -> None:
        if any(batch.entries for batch in batches):
            write(session, batches)
            notices.notify_with(session, notices_of(batches))
        session.commit()
        session.close()


def notices_of(batches: Sequence[Batch]) -> list[str]:
    """How far each log goes, and when its clock is to be looked at next if that has changed."""
    heads = {
        batch.entries[-1].attempt_id: str(batch.entries[-1].seq)
        for batch in batches
        if batch.entries
    }
    due = {
        batch.times.attempt_id: str(batch.times.next_due or NEVER)
        for batch in batches
        if batch.times is not None
    }
    return [
        notice_from_database(TOPIC, " ".join([name, head, *due.get(name, "").split()]))
        for name, head in heads.items()
    ]
