"""Embodied emissions from a BoaviztAPI server: asked exactly, checked, kept.

The interface:

    question_of(hardware, provider=…, accelerator=…) -> Question | Miss      what to ask for a described machine
    instance_question(provider, name), gpu_question(accelerator)            the same for one entry of our tables

    boavizta = Boavizta(url, cache_file=…, policy=Policy(…))
    await boavizta.open()                      opens the cache file; the server need not be there
    boavizta.peek(question)                    -> Answer | Miss | None      memory only, no waiting
    await boavizta.embodied(question)          -> Answer | Miss             within the budget, whatever the server does
    await boavizta.warm(provider, progress)    -> Warmed | Miss             every instance type of a provider
    boavizta.state()                           -> State                     for readiness and metrics
    await boavizta.close()

An `Answer` is whole-life kg CO2e with low and high: of one instance (`InstanceQuestion`), one device or part
(`ComponentQuestion`) or one machine with all that was described (`ServerQuestion`). Amortization is the caller's. A
`Miss` has no number, only the reason: the embedded table answers. Both say until when what rests on them may be kept
(`keep_until`); a stale answer and an unavailable miss may not be kept at all.

    questions    what can be asked, as requests          reading    bodies → answers, with suspicion
    translation  our hardware → a question                client     one HTTP exchange
    gpus         our accelerators → its names             breaker    when to leave the server alone
    answers      what comes back                          upstream   version, lists and question, behind the breaker
    policy       times, numbers, sizes                    flight     one question asked once
    adapter      all of it together                       cache, table    memory in front of SQLite

BoaviztAPI is another program under the AGPL: it is spoken to over HTTP, and neither its code nor its tables are here.
"""

from service.boavizta.adapter import Boavizta, Warmed
from service.boavizta.answers import Answer, Miss, State
from service.boavizta.policy import Policy
from service.boavizta.questions import ComponentQuestion, InstanceQuestion, Question, ServerQuestion
from service.boavizta.translation import gpu_question, instance_question, question_of

__all__ = [
    "Answer",
    "Boavizta",
    "ComponentQuestion",
    "InstanceQuestion",
    "Miss",
    "Policy",
    "Question",
    "ServerQuestion",
    "State",
    "Warmed",
    "gpu_question",
    "instance_question",
    "question_of",
]
