"""`kith manage begin`: the first day of a county."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from kith.accounts.actions import AdministratorThere, make_first_administrator
from kith.directory.actions import set_up_terms
from kith.hubs.actions import set_up
from kith.hubs.oxfordshire import OXFORDSHIRE
from kith.places.actions import load_county
from kith.referrals.actions import set_up_needs


class Command(BaseCommand):
    help = "Load postcodes, neighbourhoods, working days, needs and kinds of help, and make the first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="the first administrator's name")
        parser.add_argument("--email", required=True, help="where the link to a password goes")
        parser.add_argument(
            "--hubs", action="store_true", help="open Oxfordshire's seven hubs too, as examples"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError("--email must be an e-mail address like name@example.com.") from None
        with transaction.atomic():
            self.stdout.write("Loading postcodes and neighbourhoods …")
            load_county()
            set_up(at=at, hubs=OXFORDSHIRE if options["hubs"] else ())
            set_up_needs()
            set_up_terms()
            try:
                person = make_first_administrator(
                    name=options["name"], email=options["email"], at=at
                )
            except AdministratorThere as there:
                raise CommandError(str(there)) from None
        where = settings.EMAIL_HOST or f"the folder {settings.KITH_MAIL_FOLDER}"
        self.stdout.write(
            f"Ready. {person.name} has been sent the link to choose a password (by {where})."
        )
