"""Whatever a template may quote is filled in wherever the template is used."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from bot import Advisor, Conversation, Knowledge, charts, usage_chart
from bot.phrases import plain_examples
from bot.wording import Wording

NOTHING = "{nothing}"
"""What no template may quote: its refusal says what can be quoted instead."""

TALKS = [
    ["where do i stand", "9 months"],
    ["12 years as a nurse, where do i stand"],
    ["less than a year as pm, what level am i"],
    *([f"i have {years} as a pm, what comes next"] for years in ("half a year", "2 years", "3 years", "over 7 years")),
    ["i've been a senior for 2 years, what comes next"],
    ["my colleague has 5 years, where is she"],
    ["do juniors need leadership"],
    ["what is the difference between a junior and a senior", "and the tracks"],
    ["which track pays better"],
    ["what does the agile track pay", "which skills does it need", "tell me more"],
    ["how much does the PMP exam cost", "is the PMP exam hard", "how do I write a good CV", "and again, a CV"],
    ["which skills does a junior need, and how do I write a good CV?"],
    ["skills", "salary of what"],
    ["plan", "under a year", "agile", "scrum", "what does a junior do", "i have 5 years as a pm, where am i", "done"],
    ["plan", "plan.years.0", "what does agile pay", "senior", "next", "what does agile pay", "all"],
    ["plan", "3 years", "pay", "none"],
    ["plan", "plan.goal.track.agile", "4"],
    ["plan", "i have 5 years as a pm, where do i stand"],
    ["plan", "10", "next", "infrastructure", "what does agile pay", "vendor management"],
]


def refusals(content: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with a wording, and where."""
    try:
        wording = Wording.model_validate(content)
    except ValidationError as error:
        yield from ((detail["loc"], detail["msg"]) for detail in error.errors())
    else:
        yield from wording.faults()


def emptied(content: Any) -> Any:
    """The same with every text replaced by one that quotes nothing that there is."""
    if isinstance(content, dict):
        return {key: emptied(value) for key, value in content.items()}
    return [emptied(each) for each in content] if isinstance(content, list) else NOTHING


def replaced(content: Any, place: tuple[str | int, ...], text: str) -> None:
    for part in place[:-1]:
        content = content[part]
    content[place[-1]] = text


@pytest.fixture(scope="module")
def quoting(knowledge: Knowledge) -> Knowledge:
    """The knowledge with templates that quote everything that they may; offers lead where they did."""
    content = knowledge.model_dump(mode="json")["wording"]
    names = ("answers", "labels", "questions")
    asked = emptied(content) | {name: content[name] for name in names}
    found = [*refusals(asked), *refusals(content | {name: emptied(content[name]) for name in names})]
    filled = 0
    for place, message in found:
        if NOTHING in message:
            replaced(content, place, " ".join(re.findall(r"\{\w+\}", message.partition(" is ")[2])) or "words")
            filled += 1
    assert filled > 100
    return knowledge.model_copy(update={"wording": Wording.model_validate(content)})


@pytest.fixture(scope="module")
def quoter(quoting: Knowledge, advisor: Advisor) -> Advisor:
    return Advisor(quoting, advisor.matchers)


def test_every_answer_button_and_page_can_quote_all_that_it_may(quoter: Advisor) -> None:
    assert [example for example in plain_examples(quoter.knowledge) if "{" in example[0]] == []
    for topic in quoter.topics():
        answer = quoter.answer(topic)
        assert answer is not None
        page = quoter.answer(f"menu.{topic}") or answer
        asked = "" if answer[0].kind == "smalltalk" else quoter.writer.question(topic)
        buttons = [suggestion.label for suggestion in (*answer[0].suggestions, *page[0].suggestions)]
        assert [text for text in (answer[0].text, page[0].text, asked, *buttons) if "{" in text] == []


@pytest.mark.parametrize("steps", TALKS, ids=lambda steps: steps[0])
def test_every_reply_can_quote_all_that_it_may(quoter: Advisor, steps: list[str]) -> None:
    conversation = Conversation()
    for step in steps:
        pressed = quoter.answer(step, conversation) if step.startswith("plan") else None
        reply, conversation = pressed or quoter.reply(step, conversation)
        assert "{" not in reply.text
        if conversation.plan:
            assert "{" not in quoter.planner.as_text(conversation.plan)


@pytest.mark.parametrize("chart", ["salary", "path"])
def test_every_picture_can_quote_all_that_it_may(quoting: Knowledge, chart: charts.Chart) -> None:
    assert "{" not in charts.caption(quoting, chart)
    charts.drawn(quoting, chart)
    usage_chart.drawn(quoting.wording.charts.usage, "a career", {date(2024, 5, 1): {"answer": 3}})
