from django.urls import path

from pilots.prefiguration.views import contacts as prefiguration_contacts
from pilots.prefiguration.views import interviews, prefigurateurs
from segur.exports import files

app_name = "prefigurateurs"

urlpatterns = [
    path("", prefigurateurs.index, name="index"),
    path("liste/", prefigurateurs.public, name="public"),
    path("liste.json", prefigurateurs.public_json, name="public_json"),
    *files("export", prefigurateurs.export),
    path("inscrire/", prefigurateurs.create, name="create"),
    path("<int:pk>/", prefigurateurs.detail, name="detail"),
    path("<int:pk>/modifier/", prefigurateurs.edit, name="edit"),
    path("<int:pk>/accord/", prefigurateurs.agree, name="agree"),
    path("<int:pk>/publier/", prefigurateurs.publish, name="publish"),
    path("<int:pk>/retirer/", prefigurateurs.withdraw, name="withdraw"),
    path("<int:pk>/ecarter/", prefigurateurs.drop, name="drop"),
    path("<int:pk>/reprendre/", prefigurateurs.resume, name="resume"),
    path("<int:pk>/contact/", prefiguration_contacts.give, name="contact"),
    path("contacts/<int:pk>/corriger/", prefiguration_contacts.correct, name="contact_correct"),
    path("contacts/<int:pk>/effacer/", prefiguration_contacts.erase, name="contact_erase"),
    path("<int:pk>/entretien/", interviews.plan, name="interview"),
    path("<int:pk>/entretien.ics", interviews.agenda, name="interview_ics"),
    path("<int:pk>/entretien/annuler/", interviews.cancel, name="interview_cancel"),
    path("<int:pk>/entretien/compte-rendu/", interviews.report, name="interview_report"),
    path("<int:pk>/entretien/participer/", interviews.attend, name="attend"),
]
