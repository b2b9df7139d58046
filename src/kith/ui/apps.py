from django import forms
from django.apps import AppConfig
from django.core.validators import validate_email


class UiConfig(AppConfig):
    name = "kith.ui"

    def ready(self) -> None:
        """Let every form of the site, also a library's, ask in plain words."""
        from kith.ui.forms import REQUIRED

        forms.Field.default_error_messages["required"] = REQUIRED
        forms.ChoiceField.default_error_messages["invalid_choice"] = "Choose one of the answers."
        forms.MultipleChoiceField.default_error_messages["invalid_choice"] = (
            "Choose from the answers listed."
        )
        forms.ModelChoiceField.default_error_messages["invalid_choice"] = (
            "Choose one of the answers."
        )
        validate_email.message = "Enter an e-mail address like name@example.org."
        forms.FileField.default_error_messages["empty"] = "The file is empty. Choose another."
