"""`kith manage show_sign_ins`: who can sign in to the demonstration county."""

from typing import Any

from django.core.management.base import BaseCommand

from kith.demo.people import PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Print an account for each role of the demonstration county."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Sign in as any of these, with the password {PASSWORD}\n")
        for entry in SIGN_INS:
            self.stdout.write(
                f"  {entry.email:<30} {entry.title}: {entry.shows[0].lower()}{entry.shows[1:]}"
            )
        self.stdout.write("")
