"""Every field of text of the project follows one rule: a new one must choose.

A field that folds says so by its class (`segur.fields`); the others are listed here.
"""

import re
from importlib import import_module
from pkgutil import walk_packages

from django import forms
from django.apps import apps
from django.db import models

from segur.fields import FoldedInput
from tests.product import APPS

TYPED = (forms.CharField, forms.IntegerField, forms.DecimalField, forms.FloatField)
DATED = (forms.DateField, forms.TimeField, forms.DateTimeField)
OF_ALLAUTH = {"email", "username", "oldpassword", "password", "password1", "password2", "code"}
"""Passwords stay as they are typed; allauth compares codes without spaces and punctuation;
`accounts.forms.login` replaces the addresses by fields that
fold, and there is no user name."""

FREE_TEXT = """
accounts AccessRequestForm message
accounts ClientForm city name
accounts IdentitySignupForm full_name
accounts MergeForm reason
accounts OrganisationIdentityForm city name
accounts OrganisationCreateForm city name
accounts OrganisationEditForm city name reason
accounts ProfileForm full_name
accounts SignupForm full_name
accounts ViewAsForm reason
accounts AddWebAuthnForm name
accounts EditWebAuthnForm name
accounts FactorResetForm reason
calendar_app AmendForm reason source
calendar_app DecisionForm reason
calendar_app DispositifForm name reason short_name source
calendar_app AdditionForm reason source
calendar_app MilestoneForm reason source title
calendar_app NewClientForm city name
calendar_app ExpectedPieceForm help label source
calendar_app FilingForm comment
calendar_app NewExpectedPieceForm help label source
calendar_app OwnPieceForm label
calendar_app PieceForm note
journal JournalFilter objet personne
mailing HoldForm reason
mailing MailFilter destinataire reponse
parameters ParameterForm source
parameters RetireForm reason
calendar_app PastForm reason
calendar_app DeadlineReasonForm reason
calendar_app SolutionCreateForm name proxy_name
calendar_app SolutionEditForm name proxy_name
calendar_app SolutionForm name proxy_name
perf ContestForm reason
perf CorrectionDecisionForm reason
perf CorrectionForm subject
perf OutageDecisionForm reason
perf StatementForm reason
perf TicketForm subject
perf VersionForm cause
pilots AbsenceForm note
pilots ConnectorForm note
pilots ContactForm full_name job purpose source
pilots ContradictForm note
pilots CoupleForm note
pilots DecideForm note
pilots IdentityEditForm city name
pilots IdentityForm city name
pilots InterviewForm place
pilots LineForm help label source
pilots NewLineForm help label source
pilots NotificationForm means stamp
pilots PVForm comment signatory_name signatory_role
pilots PersonForm full_name job
pilots PortalForm name note
pilots ProposeAgainForm reason
pilots ReasonForm reason
pilots ReopenForm reason
pilots ReportForm notes
pilots RequestForm mistake note
pilots SentenceForm text
pilots SetAsideForm reason
pilots UndoForm reason
pilots VAForm comment signatory_name signatory_role
pilots PVReasonForm reason
pilots PublicationWithdrawForm reason
pilots WithdrawForm reason
teamwork CommentForm body
webhooks EndpointForm url
"""
PARSED = """
calendar_app DepositListForm lines
calendar_app AmountLinesForm lines
calendar_app OrdersForm lines
perf SimulatorForm arret duree pannes tickets
"""
"""Several values in one text: what reads them folds each (`order_lines`, `typed`)."""

MADE_HERE = """
calendar_app Deadline code
calendar_app Dispositif code
calendar_app Milestone code
mailing ArchivedMail to_email
mailing OutgoingMail to_email
pilots PVMention code
pilots Publication solution_version
pilots VACondition code
"""
"""What the site writes itself, from its own data or from a field that folds."""

IDENTIFYING = re.compile(
    "code|reference|number|siren|siret|finess|email|phone|version|probe|incident"
)


def listed(lines):
    words = (line.split() for line in lines.strip().splitlines())
    return {(app, name, field) for app, name, *fields in words for field in fields}


def subclasses(found):
    for one in found.__subclasses__():
        yield one
        yield from subclasses(one)


def forms_of_the_project():
    for app in APPS:
        for module in walk_packages(import_module(app).__path__, f"{app}."):
            if "forms" in module.name.split("."):
                import_module(module.name)
    for form in subclasses(forms.BaseForm):
        app = form.__module__.split(".")[0]
        if app in APPS and app != "segur":  # the gallery of components
            yield app, form


def test_each_field_of_a_form_folds_or_is_listed_as_free_text():
    found = {
        (app, form.__name__, name)
        for app, form in forms_of_the_project()
        for name, field in form.base_fields.items()
        if isinstance(field, (*TYPED, *DATED))
        and not isinstance(field, FoldedInput)
        and not field.widget.is_hidden
        and name not in OF_ALLAUTH
    }
    assert found == listed(FREE_TEXT) | listed(PARSED)


def test_each_column_that_identifies_folds_or_is_written_by_the_site():
    found = {
        (model._meta.app_label, model.__name__, field.name)
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.local_fields
        if isinstance(field, (models.CharField, models.TextField))
        and IDENTIFYING.search(field.name)
        and not hasattr(field, "formed")  # as the columns of `segur.fields` have
    }
    assert found == listed(MADE_HERE)
