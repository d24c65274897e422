"""What the pages of accounts ask for."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from practice.domain.passwords import LONGEST, SHORTEST
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import EmailField

PASSWORD_HINT = f"At least {SHORTEST} characters. A few words that only you would put together work well."


class NextForm(BaseForm):
    """A form that leads on to where somebody wanted to go."""

    next = HiddenField()


class SignInForm(NextForm):
    """E-mail and password."""

    email = EmailField("E-mail address", [InputRequired("Enter your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=LONGEST)])
