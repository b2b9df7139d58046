"""One's own account, and people, teams, roles, cover and keys. Signing in is at /accounts/."""

from django.urls import path

from kith.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.people, name="people"),
    path("me/", views.me, name="me"),
    path("me/sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("roles/", views.roles, name="roles"),
    path("roles/<int:pk>/end/", views.end_role, name="end_role"),
    path("add/", views.add_person, name="add_person"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/correct/", views.correct_person, name="correct_person"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/end/", views.end_person, name="end_person"),
    path("<int:pk>/open/", views.open_again, name="open_again"),
    path("<int:pk>/second-step/", views.forget_second_factor, name="forget_second_factor"),
    path("<int:pk>/role/", views.give_role, name="give_role"),
    path("teams/", views.teams, name="teams"),
    path("teams/add/", views.add_team, name="add_team"),
    path("teams/<int:pk>/", views.team, name="team"),
    path("teams/<int:pk>/change/", views.change_team, name="change_team"),
    path("teams/<int:pk>/keys/", views.make_key, name="make_key"),
    path("teams/<int:pk>/keys/<int:key>/end/", views.end_key, name="end_key"),
    path("cover/", views.cover, name="cover"),
    path("cover/<int:pk>/end/", views.end_cover, name="end_cover"),
]
