from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "kith.casework"

    def ready(self) -> None:
        """Let the worker scan the files of notes as it scans those of requests, a family's history
        tell of its lives, and whoever puts records together see their requests and cases."""
        from kith.casework import lives, queries  # noqa: F401
        from kith.casework.models import NoteFile
        from kith.families.queries import ALSO_ON_RECORDS
        from kith.referrals.actions.scanning import scan_also

        scan_also(NoteFile)
        ALSO_ON_RECORDS.append(queries.on_records)
