"""Forms for signing in, in Kith's words; and for people, teams and roles."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth as passkeys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from fido2.utils import websafe_decode

from kith.accounts.roles import ROLES
from kith.accounts.sign_in import tell_of_wrong
from kith.typed.fields import DateField


def say(form: forms.Form, **words: str) -> None:
    """Give fields labels of our own, and take away the words inside their boxes."""
    for name, label in words.items():
        if name in form.fields:
            form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignIn(account.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["password"].help_text = ""
        say(self, login="E-mail address", password="Password")


class ForgottenPassword(account.ResetPasswordForm):
    """The address to which a link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, email="E-mail address")


class NewPassword(account.ResetPasswordKeyForm):
    """A new password, twice, from the link that was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password1="New password", password2="New password again")


class ChangePassword(account.ChangePasswordForm):
    """The password now, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
        say(
            self,
            oldpassword="Your password now",
            password1="New password",
            password2="New password again",
        )


class SetPassword(account.SetPasswordForm):
    """A first password, for somebody who came by the council's sign-on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password1="New password", password2="New password again")


class Confirm(account.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        say(self, password="Your password")


CODE = "Code from your authenticator app, or a recovery code"


def _told(clean: Callable[[], Any], person: Callable[[], Any], step: str) -> Any:
    """Return what `clean` returns; where it refuses, tell the log whose and what was wrong."""
    try:
        return clean()
    except forms.ValidationError as why:
        locked_out = why.code != "incorrect_code"
        tell_of_wrong(context.request, person(), step, locked_out=locked_out)
        raise


class _Told:
    """Tells the log when a code is wrong."""

    user: Any

    def clean_code(self) -> Any:
        return _told(super().clean_code, lambda: self.user, "code")  # type: ignore[misc]


class Code(_Told, mfa.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=CODE)


class ConfirmByCode(_Told, mfa.ReauthenticateForm):
    """A code, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=CODE)


class FirstCode(ActivateTOTPForm):
    """The first code shows that the app was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code="The six-figure code that the app shows now")


# What is raised on the way through JSON, CBOR and cryptography by what no browser sends.
NO_PASSKEY = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


class _Answer(forms.JSONField):
    """What a browser answers for a passkey: a JSON object."""

    def to_python(self, value: Any) -> Any:
        try:
            answer = super().to_python(value)
        except RecursionError:  # too many brackets
            answer = []
        if isinstance(answer, dict):
            return answer
        raise forms.ValidationError(self.error_messages["required"], code="invalid")

    def bound_data(self, data: Any, initial: Any) -> None:
        """Show nothing of it again: each answer is good for one question."""


class _OfAPasskey(forms.Form):
    """What a browser answers for a passkey. Whatever is wrong with it, the person can do one thing."""

    wrong = "This passkey was not accepted. Try again, or sign in another way."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict.fromkeys(("required", "invalid"), self.wrong)
        self.fields["credential"] = _Answer(widget=forms.HiddenInput, error_messages=words)

    def kindly(self, clean: Callable[[], Any]) -> Any:
        """Return what `clean` returns, or say what is wrong in words about passkeys."""
        try:
            return clean()
        except forms.ValidationError as wrong:
            if wrong.code != "incorrect_code":
                raise
        except NO_PASSKEY:
            pass
        raise forms.ValidationError(self.wrong, code="incorrect_code")


class _ProvesWho(_OfAPasskey):
    """A passkey that says who somebody is. The log is told of one that was not accepted."""

    user: Any

    def clean_credential(self) -> Any:
        clean = super().clean_credential  # type: ignore[misc]
        return _told(lambda: self.kindly(clean), self._whose, "passkey")

    def _whose(self) -> Any:
        """Return whose account it is: of a passkey alone, the one it names, if it is one of theirs."""
        if self.user is not None:
            return self.user
        answer = self.cleaned_data["credential"]
        try:
            person = passkeys.extract_user_from_response(answer)
            theirs = {one.credential_id for one in passkeys.get_credentials(person)}
            return person if websafe_decode(answer["rawId"]) in theirs else None
        except (forms.ValidationError, *NO_PASSKEY):
            return None


class PasskeySignIn(_ProvesWho, webauthn.LoginWebAuthnForm):
    """A passkey alone, in place of address and password."""


class PasskeyStep(_ProvesWho, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""


class ConfirmByPasskey(_ProvesWho, webauthn.ReauthenticateWebAuthnForm):
    """A passkey, before something that matters."""

    wrong = "This passkey was not accepted. Try again, or choose another way."


class AddPasskey(_OfAPasskey, webauthn.AddWebAuthnForm):
    """A name for the passkey; the browser makes the rest."""

    wrong = "This passkey could not be added. Try again, or use an authenticator app instead."

    def clean(self) -> Any:
        return self.kindly(super().clean)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(
            self,
            name="A name for it",
            passwordless="Let me sign in with it alone, without a password",
        )
        self.fields["name"].help_text = "For example “my work laptop”."
        if "passwordless" in self.fields:
            self.fields["passwordless"].help_text = ""
            self.fields["passwordless"].initial = True


class PersonForm(forms.Form):
    """What is said of a person."""

    name = forms.CharField(max_length=200, label="Name")
    email = forms.EmailField(
        max_length=254,
        label="E-mail address",
        help_text="They sign in with it. Use the one they have at work.",
        error_messages={"invalid": "Enter a whole e-mail address, like name@school.example."},
    )
    job_title = forms.CharField(max_length=200, required=False, label="Job title")
    phone = forms.CharField(max_length=40, required=False, label="Telephone")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip()


class RoleForm(forms.Form):
    """A role, in a team, from one day until another."""

    team: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="Team", empty_label="Choose a team"
    )
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    since = DateField(label="From")
    until = DateField(
        label="Until",
        required=False,
        help_text="The first day without it. Leave empty if not known.",
    )

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        roles = [role for role in ROLES.values() if role.for_people]
        self.fields["role"].choices = [(role.key, role.name) for role in roles]  # type: ignore[attr-defined]
        self.hints = {"role": {role.key: role.sentence for role in roles}}


class EndRoleForm(forms.Form):
    """The first day without a role."""

    until = DateField(label="First day without this role", help_text="Today ends it at once.")


class TeamForm(forms.Form):
    """A team."""

    name = forms.CharField(max_length=200, label="Name")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect)
    email = forms.EmailField(required=False, label="Shared e-mail address")
    active = forms.BooleanField(
        required=False,
        initial=True,
        label="This team is at work",
        help_text="While it is not, nobody can do anything by a role in it.",
    )

    def __init__(self, *args: Any, kinds: Any = (), new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            self.fields.pop("active")
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        else:
            self.fields.pop("kind")


class CoverForm(forms.Form):
    """Who stands in for whom, and when."""

    absent: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="Who is away?", empty_label="Choose a colleague"
    )
    covered_by: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        label="Who stands in?",
        empty_label="Choose a colleague",
        help_text="They will see and do all that the absent colleague may.",
    )
    since = DateField(
        label="From", error_messages={"required": "Enter the first day of the cover."}
    )
    until = DateField(
        label="Until",
        help_text="The first day on which the colleague is back.",
        error_messages={"required": "Enter the day on which the colleague is back."},
    )
    reason = forms.CharField(
        max_length=200,
        label="Why",
        help_text="For example “annual leave”.",
        error_messages={"required": "Write why, for example “annual leave”."},
    )

    def __init__(self, *args: Any, absent: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["absent"].queryset = absent  # type: ignore[attr-defined]
        self.fields["covered_by"].queryset = staff  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    """A name for a key."""

    name = forms.CharField(
        max_length=100,
        label="Which system is it for?",
        help_text="For example “SIMS at Orchard School”.",
    )
