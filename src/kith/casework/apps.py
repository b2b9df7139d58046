from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "kith.casework"

    def ready(self) -> None:
        """Let the worker scan the files of notes as it scans those of requests."""
        from kith.casework.models import NoteFile
        from kith.referrals.actions.scanning import scan_also

        scan_also(NoteFile)
