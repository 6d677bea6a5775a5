from django.urls import include, path

from calendar_app.views import calendar_growth, calendars, feeds

calendar_patterns = [
    path("", calendars.index, name="index"),
    path("historique/", calendars.history, name="history"),
    path("prive/", feeds.subscription, name="subscription"),
    path("prive/<str:token>.ics", feeds.private_feed, name="private_feed"),
    path("jalons/<int:pk>/modifier/", calendars.amend, name="amend"),
    path("nouveau/", calendar_growth.create_dispositif, name="dispositif_create"),
    path("<slug:slug>/jalons/nouveau/", calendar_growth.create_milestone, name="milestone_create"),
    path("<slug:slug>.ics", feeds.feed, name="feed"),
    path("<slug:slug>/", calendars.detail, name="detail"),
]

urlpatterns = [
    path("", calendars.home, name="home"),
    path("calendriers/", include((calendar_patterns, "calendars"))),
]
