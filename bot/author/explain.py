"""How an answer came about, for people who look into it."""

from datetime import date

from bot.advisor import Advisor
from bot.conversation import Conversation
from bot.decision import MARGIN, THRESHOLD


def explained(advisor: Advisor, utterance: str, conversation: Conversation, today: date) -> dict[str, str]:
    """What an utterance was taken for in a conversation, step by step: name of the step -> what came of it."""
    understood = advisor.understand(utterance, conversation, today)
    reading, meaning = understood.reading, understood.meaning
    return {
        "words read": " ".join(reading.words),
        "repaired": ", ".join(f"{typed} -> {taken}" for typed, taken in advisor.repairs(utterance)),
        "ignored": " ".join(advisor.ignored(understood)),
        "named": ", ".join(f"{m.target}{'' if m.sure else ' ?'}{' not' * m.denied}" for m in reading.mentions),
        "years": "" if understood.years is None else f"{understood.years:g}",
        "ranked": ", ".join(f"{topic} {confidence:.2f}" for topic, confidence in meaning.ranked[:5]),
        "threshold": f"{THRESHOLD}, and a margin of {MARGIN}",
        "decision": f"{meaning.kind}: {meaning.reason}",
    }
