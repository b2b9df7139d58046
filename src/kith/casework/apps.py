from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "kith.casework"

    def ready(self) -> None:
        """Let the worker scan the files of notes as it scans those of requests, and a family's
        history tell of its lives."""
        from kith.casework import lives  # noqa: F401
        from kith.casework.models import NoteFile
        from kith.referrals.actions.scanning import scan_also

        scan_also(NoteFile)
