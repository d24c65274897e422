"""What the pages of accounts ask for."""

from typing import Any

from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from practice.domain.passwords import LONGEST, SHORTEST, TOO_LONG
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import EmailField

PASSWORD_HINT = f"At least {SHORTEST} characters. A few words that only you would put together work well."


class LongPasswordField(PasswordField):
    """A password of up to 256 characters; the browser cuts nothing off, so that a longer one is told."""

    def __init__(self, label: str, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, [*validators, Length(max=LONGEST, message=TOO_LONG)], **kwargs)
        self.render_kw = {"maxlength": False}


class NextForm(BaseForm):
    """A form that leads on to where somebody wanted to go."""

    next = HiddenField()


class SignInForm(NextForm):
    """E-mail and password."""

    email = EmailField("E-mail address", [InputRequired("Enter your e-mail address.")])
    password = LongPasswordField("Password", [InputRequired("Enter your password.")])


class LinkForm(NextForm):
    """Where to send a link."""

    email = EmailField("E-mail address", [InputRequired("Enter your e-mail address.")])


class NewPasswordForm(BaseForm):
    """A password to have from now on. It is typed once and can be shown: pasting and password managers work."""

    new_password = LongPasswordField("New password", [InputRequired("Choose a password.")], description=PASSWORD_HINT)


class ChangePasswordForm(NewPasswordForm):
    """A new password in the place of the present one."""

    present_password = LongPasswordField("Present password", [InputRequired("Enter your present password.")])
