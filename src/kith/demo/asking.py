"""One request of the demonstration county: what it says, and what the desk decides about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from kith.demo import words
from kith.demo.book import Row
from kith.demo.families import Home, Human
from kith.demo.ground import metres_between
from kith.demo.helping import Case
from kith.demo.scene import SCHOOLS, Place
from kith.demo.words import Theme, say
from kith.referrals.requests import NewAdult, NewChild, NewRequest, as_kept

if TYPE_CHECKING:
    from kith.demo.story import Story

CODES = {
    "education": "2B",
    "police": "6",
    "gp": "3A",
    "health_visiting": "3B",
    "school_nursing": "3C",
    "health": "3F",
    "housing": "4",
    "district": "5C",
    "social_care": "5A",
    "adult_care": "5A",
    "council": "5B",
    "early_help": "5D",
    "youth_justice": "7",
    "voluntary": "8",
    "parent": "1A",
    "young_person": "1C",
}
AGENCY = {
    "police": "police",
    "gp": "health",
    "health_visiting": "health",
    "school_nursing": "health",
    "health": "health",
    "housing": "housing",
    "district": "housing",
    "social_care": "social_care",
    "early_help": "early_help",
    "voluntary": "voluntary",
}
DECISIONS = {
    "accepted": 62,
    "sent_on": 15,
    "no_further_action": 7,
    "social_care": 6,
    "withdrawn": 4,
    "already_helped": 6,
}
# Of requests about a family that was known before, those whose records the desk put together.
PUT_TOGETHER = 0.9


@dataclass(frozen=True)
class Sender:
    """Whoever sends one request."""

    kind: str  # as in SENDERS
    place: Place | None
    account: int | None
    name: str
    job: str
    email: str
    phone: str

    @property
    def sender_kind(self) -> str:
        if self.kind in ("parent", "young_person"):
            return self.kind
        return "partner" if self.account else "professional"


class Request:
    """One request and what came of it."""

    def __init__(
        self,
        story: Story,
        home: Home,
        earlier: Home | None,
        sender: Sender,
        theme: Theme,
        at: datetime,
        sort: str,
    ) -> None:
        self.story, self.rng, self.book = story, story.rng, story.book
        self.home, self.earlier, self.sender, self.theme, self.at = (
            home,
            earlier,
            sender,
            theme,
            at,
        )
        assert home.row is not None
        self.family = home.row
        self.hub = story.ground.hubs[home.hub]
        self.who = self._who()
        self.child = home.children[0]
        self.urgent = False
        self.sort = sort
        self.merged: datetime | None = None
        self.mirrors: list[Row] = []
        self.given: Row | None = None  # the hub's standing

    def live(self) -> None:
        self._arrive()
        self._decide()

    # Arriving

    def _arrive(self) -> None:
        story, rng, sender, at, home = self.story, self.rng, self.sender, self.at, self.home
        needs = [rng.choice(self.theme.needs)]
        if rng.random() < 0.55:
            needs += [rng.choice(story.theme(self.child.age(at.date())).needs)]
        needs = list(dict.fromkeys(code for code in needs if code in story.ground.needs))
        self.urgent = bool(story.ground.danger.intersection(needs))
        # Sometimes brothers and sisters are named too.
        named = [self.child]
        others = [c for c in home.children[1:] if c.expected or c.age(at.date()) < 18]
        if others and rng.random() < 0.45:
            named += others
        kind = sender.sender_kind
        yours = kind in ("parent", "young_person")
        consent = yours or rng.random() < 0.93
        carer = home.carer
        agreed_by = (
            f"{carer.given} {carer.surname}"
            if kind != "young_person"
            else f"{self.child.given} {self.child.surname}"
        )
        groups = [
            group
            for group, has in (
                ("young_carer", self.child.young_carer),
                ("disability", bool(self.child.disabilities)),
                ("father", home.shape == "father"),
            )
            if has
        ]
        place = sender.place
        agencies = {"school", "early_help"}
        if place and place.kind in AGENCY:
            agencies.add(AGENCY[place.kind])
        if rng.random() < 0.5:
            agencies.add("health")
        said = self.say
        request = NewRequest(
            channel=self._pick({"web": 82, "api": 12, "file": 6}) if sender.account else "web",
            sender_kind=kind,
            sender_name=sender.name,
            worry=words.worry(rng, self.theme, self.who, sender=kind),
            children=tuple(self._new_child(child) for child in named),
            basis="consent" if consent else "no_consent",
            adults=tuple(self._new_adult(adult) for adult in home.adults),
            sender_role=sender.job,
            sender_organisation_id=place.id if place else None,
            sender_organisation_name=place.name if place else "",
            sender_email=sender.email,
            sender_phone=sender.phone,
            address=home.street,
            postcode=home.spot.postcode,
            going_well=said(words.GOING_WELL) if rng.random() < 0.8 else "",
            tried=said(self.theme.tried) if not yours and rng.random() < 0.85 else "",
            would_be_different=said(words.WOULD_HELP_PARENT if yours else self.theme.different),
            needs=tuple(needs),
            main_need=needs[0],
            groups=tuple(groups),
            agreed_by=agreed_by if consent else "",
            agreed_how=("self" if yours else rng.choice(("spoken", "written"))) if consent else "",
            agreed_on=(at - timedelta(days=rng.randint(0, 5))).date() if consent else None,
            lawful_reason="" if consent else said(words.LAWFUL),
            agencies_told=tuple(sorted(agencies)),
            outcome_may_be_told=rng.random() < 0.94,
            interpreter=home.interpreter,
            contact_by=tuple(sorted(rng.sample(("phone", "text", "email"), k=rng.randint(1, 2)))),
            contact_advice=said(words.CONTACT_ADVICE) if rng.random() < 0.25 else "",
            post_is_safe=home.safe,
            urgent=self.urgent,
        )
        self.told = request.outcome_may_be_told
        number = self.book.next_number("referrals_reference")
        ground = story.ground
        self.decide_by = story.days.promised(at, ground.decision_days)
        asked = {
            name: getattr(request, name)
            for name in (
                *("channel", "sender_kind", "sender_name", "sender_role", "urgent", "worry"),
                *("going_well", "tried", "would_be_different", "basis", "agreed_by"),
                *("agreed_how", "agreed_on", "lawful_reason", "outcome_may_be_told"),
                *("interpreter", "contact_advice", "post_is_safe", "sender_email"),
                *("sender_phone", "sender_organisation_name", "sender_organisation_id"),
            )
        }
        lists = {n: list(getattr(request, n)) for n in ("groups", "agencies_told", "contact_by")}
        self.row = self.book.add(
            "referrals.Referral",
            at,
            ground.front_door,
            reference=f"R-{at.year}-{number:06d}",
            family_id=self.family.id,
            team_id=story.scene.desk_team,
            status="waiting",
            received_at=at,
            decide_by=self.decide_by,
            held_by_id=None,
            held_at=None,
            decided_at=None,
            decided_by_id=None,
            sender_id=sender.account,
            sender_team_id=place.team if place and sender.account else None,
            sender_reference="",
            source="2A" if sender.kind in SCHOOLS else CODES[sender.kind],
            as_sent=as_kept(request),
            **asked,
            **lists,
        )
        for child in named:
            assert child.row is not None
            self.book.add(
                "referrals.ReferralChild",
                at,
                None,
                referral_id=self.row.id,
                person_id=child.row.id,
                school_id=child.school,
                school_name="",
                year_group=self._year_group(child),
            )
        for code in needs:
            self.book.add(
                "referrals.ReferralNeed",
                at,
                None,
                referral_id=self.row.id,
                need_id=ground.needs[code],
                main=code == needs[0],
            )
        self.step("received", at, sender.account, told=True)
        self._log("referral.received", at, (sender.account, sender.name if sender.account else ""))

    def _new_child(self, child: Human) -> NewChild:
        return NewChild(
            given_names=child.given,
            family_name=child.surname,
            date_of_birth=child.born,
            expected_on=child.expected,
            sex=child.sex,
            ethnicity=child.ethnicity,
            school_id=child.school,
            school_name=self.story.scene.names.get(child.school, ""),
            year_group=self._year_group(child),
            young_carer=child.young_carer,
            disabilities=tuple(child.disabilities),
        )

    def _new_adult(self, adult: Human) -> NewAdult:
        return NewAdult(
            given_names=adult.given,
            family_name=adult.surname,
            role=adult.role,
            date_of_birth=adult.born,
            parental_responsibility=adult.responsible,
            lives_here=adult.here,
            phone=adult.phone,
            phone_safe=self.home.safe,
            email=adult.email,
            email_safe=self.home.safe,
        )

    def _year_group(self, child: Human) -> str:
        if not child.born:
            return ""
        at = self.at.date()
        first = at.year if at.month >= 9 else at.year - 1
        year = first - child.born.year - (5 if child.born.month < 9 else 6) + 1
        if year < 0 or year > 13:
            return ""
        return "Reception" if year == 0 else f"Year {year}"

    # Deciding

    def _decide(self) -> None:
        story, rng, at = self.story, self.rng, self.at
        desk = rng.choice(story.scene.desk)
        decided = self._when_decided()
        if self.sort == "asked" or (not self.sort and rng.random() < 0.08):
            asked = self._ask(desk)
            if asked is None:
                return
            decided = asked
        if decided >= story.now or self.sort:
            if rng.random() < 0.4:
                held = at + (story.now - at) * rng.uniform(0.3, 0.95)
                self.row.change(held, desk[0], held_by_id=desk[0], held_at=held)
                self._log("referral.taken", held, desk, after={"held_by": desk[1]})
                story.saw(desk, self.family.id, "request", held)
            return
        outcome = self._pick(DECISIONS)
        busy = self.earlier and self.earlier.busy_until and self.earlier.busy_until > decided
        if busy and rng.random() < 0.75:
            outcome = "already_helped"
        elif outcome == "already_helped" and not self.earlier and rng.random() < 0.6:
            outcome = "accepted"
        self._put_together(desk, decided)
        if outcome == "withdrawn":
            self.row.change(decided, story.ground.front_door, status="withdrawn")
            self.step(
                "withdrawn", decided, self.sender.account, reason=self.say(words.WITHDRAW_REASON)
            )
            self._log("referral.withdrawn", decided, (self.sender.account, self.sender.name))
            return
        story.saw(desk, self.family.id, "request", decided - timedelta(minutes=rng.randint(3, 40)))
        team = self.hub.team if outcome == "accepted" else story.scene.desk_team
        self.row.change(
            decided,
            desk[0],
            status=outcome,
            decided_at=decided,
            decided_by_id=desk[0],
            held_by_id=desk[0],
            held_at=decided - timedelta(minutes=rng.randint(1, 50)),
            team_id=team,
        )
        reasons, told, place = self._words_for(outcome)
        reason = self.say(reasons)
        self.step(
            outcome,
            decided,
            desk[0],
            reason=reason,
            words_=self.say(told),
            hub=self.hub.id if outcome == "accepted" else None,
            organisation=place.id if place else None,
            told=True,
        )
        self._log(
            f"referral.{outcome}",
            decided,
            desk,
            before={"status": "waiting"},
            after={"status": outcome, "reason": reason},
        )
        if outcome == "accepted":
            for mirror in self.mirrors:
                if mirror["team_id"] == self.hub.team:
                    mirror.change(decided, desk[0], until=decided)
            self.given = self.standing(self.family.id, decided, desk[0])
            self._mirror(decided, desk[0])
            Case(self, decided, desk).live()
            if self.sender.kind == "social_care":
                self._step_down(decided)

    def _step_down(self, decided: datetime) -> None:
        """What social care wrote of the plan so far; most hubs have given their receipt."""
        # Chance of its own: the rest of the county is the same with and without it.
        rng = Random(f"step down {self.row['reference']}")
        receipt = decided + timedelta(hours=rng.randint(3, 40))
        given = receipt if receipt < self.story.now and rng.random() > 0.2 else None
        self.book.add(
            "referrals.StepDown",
            self.at,
            None,
            referral_id=self.row.id,
            plan=rng.choice(words.STEP_DOWN_PLAN).format_map(self.who),
            last_on=(self.at + timedelta(days=rng.randint(2, 14))).date(),
            watch=rng.choice(words.STEP_DOWN_WATCH).format_map(self.who),
            social_worker=self.sender.name,
            written_at=self.at,
            written_by_id=None,
            receipt_at=given,
            receipt_by_id=self.story.scene.managers[self.home.hub][0] if given else None,
            receipt_words="A worker rings the family within five working days." if given else "",
        )

    def _words_for(self, outcome: str) -> tuple[tuple[str, ...], tuple[str, ...], Place | None]:
        match outcome:
            case "accepted":
                return words.ACCEPT_REASON, words.ACCEPT_WORDS, None
            case "sent_on":
                near = sorted(
                    self.rng.sample(
                        self.story.destinations, k=min(8, len(self.story.destinations))
                    ),
                    key=lambda place: metres_between(place.spot, self.home.spot),
                )
                self.who["organisation"] = near[0].name
                return words.SENT_ON_REASON, words.SENT_ON_WORDS, near[0]
            case "social_care":
                return words.SOCIAL_CARE_REASON, words.SOCIAL_CARE_WORDS, None
            case "already_helped":
                return words.HELPED_REASON, words.HELPED_WORDS, None
            case _:
                return words.NFA_REASON, words.NFA_WORDS, None

    def _when_decided(self) -> datetime:
        """Most requests are decided within two working days; in busy months more are late."""
        story, rng = self.story, self.rng
        day = story.days.on_or_after(self.at.date())
        busy = self.at.month in (1, 9, 11)
        draw = rng.random()
        if self.urgent:
            days = 0 if draw < 0.8 else 1
        elif (story.today - self.at.date()).days < 14:
            # What is overdue today is told apart, so that the queue is what a visitor can take in.
            days = rng.choice((0, 0, 0, 1))
        elif draw < (0.84 if busy else 0.9):
            days = rng.choice((0, 0, 0, 1, 1, 2))
        else:
            days = rng.choice((3, 3, 4, 4, 5, 7, 9))
        day = story.days.add(day, days) if days else day
        moment = story.work_moment(day)
        if moment <= self.at:
            moment = story.work_moment(self.at.date() + timedelta(days=1))
        if days == 2 and moment > self.decide_by:
            moment = self.decide_by - timedelta(minutes=rng.randint(5, 300))
        return max(moment, self.at + timedelta(minutes=7))

    def _ask(self, desk: tuple[int, str]) -> datetime | None:
        """Ask the sender for more. Returns when it is decided after the answer; None: not yet."""
        story, rng = self.story, self.rng
        asked = min(
            self.at + timedelta(hours=rng.randint(2, 30)), self.decide_by - timedelta(minutes=30)
        )
        asked = story.work_moment(asked.date())
        if asked <= self.at:
            asked = self.at + timedelta(minutes=rng.randint(10, 50))
        if asked >= story.now:
            return self._when_decided()
        until = story.days.promised(asked, story.ground.answer_days)
        self.row.change(asked, desk[0], status="more_asked", decide_by=until)
        question = self.say(words.ASK_WORDS)
        self.step("asked", asked, desk[0], words_=question, told=True)
        self._log("referral.more_asked", asked, desk, before={"status": "waiting"})
        answered = story.work_moment(asked.date() + timedelta(days=rng.randint(1, 9)))
        if answered >= story.now or self.sort:
            return None
        decide_by = story.days.promised(answered, story.ground.decision_days)
        self.row.change(answered, story.ground.front_door, status="waiting", decide_by=decide_by)
        self.step("answered", answered, self.sender.account, words_=self.say(words.ANSWER_WORDS))
        self._log("referral.answered", answered, (self.sender.account, self.sender.name))
        decided = story.work_moment(answered.date() + timedelta(days=1))
        return max(decided, answered + timedelta(minutes=20))

    # Records of one family

    def _put_together(self, desk: tuple[int, str], decided: datetime) -> None:
        """The desk finds that it knows the family, and says so; now and then it does not notice."""
        if not self.earlier or self.rng.random() > PUT_TOGETHER:
            return
        assert self.earlier.row is not None
        kept, gone, book = self.earlier.row, self.family, self.book
        at = decided - timedelta(minutes=self.rng.randint(2, 25))
        if at <= self.at:
            return
        reasons = ["Same family name", "Born on the same day", "Lives at the same postcode"]
        merge = book.add(
            "families.Merge",
            at,
            desk[0],
            kind="family",
            family_id=kept.id,
            kept_id=kept.id,
            gone_id=gone.id,
            part_of_id=None,
            reasons=reasons,
            by_id=desk[0],
            at=at,
            undone_by_id=None,
            undone_at=None,
        )
        gone.change(at, desk[0], merged_into_id=kept.id, head_id=kept.id)
        pairs = list(zip(self.earlier.children, self.home.children, strict=False))
        pairs += list(zip(self.earlier.adults, self.home.adults, strict=False))
        for before, now in pairs:
            assert before.row is not None and now.row is not None
            book.add(
                "families.Merge",
                at,
                desk[0],
                kind="person",
                family_id=kept.id,
                kept_id=before.row.id,
                gone_id=now.row.id,
                part_of_id=merge.id,
                reasons=reasons,
                by_id=desk[0],
                at=at,
                undone_by_id=None,
                undone_at=None,
            )
            now.row.change(at, desk[0], merged_into_id=before.row.id, head_id=before.row.id)
        self.merged = at
        self.merge_id = merge.id
        story = self.story
        team = story.scene.desk_team
        for row, what, after in (
            (kept, "family.merged", {"gone": gone["reference"], "people": len(pairs)}),
            (gone, "family.merged_into", {"kept": kept["reference"]}),
        ):
            story.log(
                what,
                at,
                desk,
                row,
                "families.family",
                row["reference"],
                family=row.id,
                team=team,
                after=after,
            )
        self.mirrors = [
            self.standing(gone.id, at, desk[0], reason="merge", team=team)
            for team in sorted(self.earlier.known_to)
        ]

    def _mirror(self, at: datetime, by: int) -> None:
        """Both records of a family are known to the same teams."""
        if self.merged and self.earlier and self.hub.team not in self.earlier.known_to:
            assert self.earlier.row is not None
            self.standing(self.earlier.row.id, at, by, reason="merge")
        self.known_to(self.hub.team)

    def known_to(self, team: int) -> None:
        """Remember that a team has standing with this family's records."""
        self.home.known_to.add(team)
        if self.merged and self.earlier:
            self.earlier.known_to.add(team)

    def standing(
        self,
        family: int,
        at: datetime,
        by: int,
        *,
        reason: str = "case",
        team: int | None = None,
    ) -> Row:
        return self.book.add(
            "families.Standing",
            at,
            by,
            family_id=family,
            team_id=team or self.hub.team,
            user_id=None,
            reason=reason,
            merge_id=self.merge_id if reason == "merge" else None,
            since=at,
            until=None,
        )

    def records(self) -> list[int]:
        """Return the records of this family: its own, and the one it was put together with."""
        earlier = self.earlier.row if self.merged and self.earlier else None
        return [self.family.id, *([earlier.id] if earlier else [])]

    # Words and small things

    def step(
        self,
        kind: str,
        at: datetime,
        by: int | None,
        *,
        reason: str = "",
        words_: str = "",
        family_words: str = "",
        hub: int | None = None,
        organisation: int | None = None,
        told: bool = False,
    ) -> None:
        self.book.add(
            "referrals.Step",
            at,
            by,
            referral_id=self.row.id,
            kind=kind,
            at=at,
            by_id=by,
            reason=reason,
            words=words_,
            family_words=family_words,
            hub_id=hub,
            organisation_id=organisation,
            told_at=at if told and (self.sender.account or self.sender.email) else None,
        )

    def _log(
        self,
        what: str,
        at: datetime,
        by: tuple[int | None, str],
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        self.story.log(
            what,
            at,
            by,
            self.row,
            "referrals.referral",
            self.row["reference"],
            family=self.family.id,
            team=self.row["team_id"],
            before=before,
            after=after,
        )

    def say(self, phrases: tuple[str, ...]) -> str:
        return say(self.rng, phrases, self.who)

    def _pick(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _who(self) -> dict[str, str]:
        child, carer = self.home.children[0], self.home.carer
        if child.sex == "F":
            he, his, him, himself = "she", "her", "her", "herself"
        else:
            he, his, him, himself = "he", "his", "him", "himself"
        carer_name = {"mother": "Mum", "father": "Dad", "grandparent": "Nan"}.get(
            carer.role, carer.given
        )
        if self.sender.kind not in ("parent", "young_person"):
            carer_name = f"{'Ms' if carer.sex == 'F' else 'Mr'} {carer.surname}"
        younger = self.home.children[1].sex if len(self.home.children) > 1 else "F"
        return {
            "child": child.known_as or child.given or "The baby",
            "he": he,
            "his": his,
            "him": him,
            "himself": himself,
            "He": he.capitalize(),
            "His": his.capitalize(),
            "mum": carer_name,
            "carer": carer_name,
            "himself_c": "herself" if carer.sex == "F" else "himself",
            "sibling": "brother" if younger == "M" else "sister",
            "hub": self.hub.name,
            "organisation": "",
        }
