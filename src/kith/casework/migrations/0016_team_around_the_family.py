import django.db.models.deletion
import kith.audit.history
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from kith.accounts.guards import any_of, guard, guard_history, in_my_teams, is_me, visible


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0015_seen_alone"),
        ("families", "0005_spelling"),
        ("partners", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadProfessional",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LeadProfessionalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_by",
                    models.BigIntegerField(
                        db_default=kith.audit.history.CurrentViewer(), null=True
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MeetingSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reply",
                    models.CharField(
                        blank=True,
                        choices=[("coming", "Will come"), ("apologies", "Cannot come")],
                        max_length=10,
                    ),
                ),
                ("reply_words", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(null=True)),
                (
                    "attendance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("attended", "Was there"),
                            ("apologies", "Sent apologies"),
                            ("absent", "Was not there"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MeetingSeatEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_by",
                    models.BigIntegerField(
                        db_default=kith.audit.history.CurrentViewer(), null=True
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "reply",
                    models.CharField(
                        blank=True,
                        choices=[("coming", "Will come"), ("apologies", "Cannot come")],
                        max_length=10,
                    ),
                ),
                ("reply_words", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(null=True)),
                (
                    "attendance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("attended", "Was there"),
                            ("apologies", "Sent apologies"),
                            ("absent", "Was not there"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("others", models.CharField(blank=True, max_length=300)),
                ("discussion", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "minutes",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MinutesCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "minutes copies",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewedAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=300)),
                ("owner", models.CharField(max_length=200)),
                ("state", models.CharField(max_length=120)),
                ("words", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TeamMeeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveSmallIntegerField(default=0)),
                ("starts_at", models.DateTimeField()),
                ("minutes_long", models.PositiveSmallIntegerField(default=60)),
                ("place", models.CharField(max_length=200)),
                ("agenda", models.TextField(blank=True)),
                ("called_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="TeamMeetingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_by",
                    models.BigIntegerField(
                        db_default=kith.audit.history.CurrentViewer(), null=True
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sequence", models.PositiveSmallIntegerField(default=0)),
                ("starts_at", models.DateTimeField()),
                ("minutes_long", models.PositiveSmallIntegerField(default=60)),
                ("place", models.CharField(max_length=200)),
                ("agenda", models.TextField(blank=True)),
                ("called_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_because", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("partner", "Somebody of a partner organisation"),
                            ("worker", "A colleague of the hub"),
                            ("family", "Somebody of the family"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("family_known_as", models.CharField(blank=True, max_length=120)),
                ("withheld_at", models.DateTimeField(null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("left_because", models.CharField(blank=True, max_length=300)),
                ("added_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TeamMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_by",
                    models.BigIntegerField(
                        db_default=kith.audit.history.CurrentViewer(), null=True
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("partner", "Somebody of a partner organisation"),
                            ("worker", "A colleague of the hub"),
                            ("family", "Somebody of the family"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("family_known_as", models.CharField(blank=True, max_length=120)),
                ("withheld_at", models.DateTimeField(null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("left_because", models.CharField(blank=True, max_length=300)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TeamPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("text", "Text message")], max_length=5
                    ),
                ),
                ("sent_to", models.CharField(max_length=254)),
                ("made_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("code_sent_at", models.DateTimeField(null=True)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
                ("codes_on", models.DateField(null=True)),
                ("codes_sent", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="plannedaction",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="plannedaction",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="plannedaction",
            name="delete_delete",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plannedaction",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_plannedactionevent" ("came_of_it", "case_id", "date_reason", "done_on", "dropped_on", "due_on", "ended_by_id", "family_known_as", "goal_id", "id", "made_at", "made_by_id", "meeting_id", "owner_id", "owner_organisation_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sharing_id", "what", "withheld_at") VALUES (NEW."came_of_it", NEW."case_id", NEW."date_reason", NEW."done_on", NEW."dropped_on", NEW."due_on", NEW."ended_by_id", NEW."family_known_as", NEW."goal_id", NEW."id", NEW."made_at", NEW."made_by_id", NEW."meeting_id", NEW."owner_id", NEW."owner_organisation_id", NOW(), \'insert\', NEW."id", NEW."sharing_id", NEW."what", NEW."withheld_at"); RETURN NULL;',
                    hash="352f99d29b5adde61d70dd759e1f26197556ddb8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c74ea",
                    table="casework_plannedaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plannedaction",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_plannedactionevent" ("came_of_it", "case_id", "date_reason", "done_on", "dropped_on", "due_on", "ended_by_id", "family_known_as", "goal_id", "id", "made_at", "made_by_id", "meeting_id", "owner_id", "owner_organisation_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sharing_id", "what", "withheld_at") VALUES (NEW."came_of_it", NEW."case_id", NEW."date_reason", NEW."done_on", NEW."dropped_on", NEW."due_on", NEW."ended_by_id", NEW."family_known_as", NEW."goal_id", NEW."id", NEW."made_at", NEW."made_by_id", NEW."meeting_id", NEW."owner_id", NEW."owner_organisation_id", NOW(), \'update\', NEW."id", NEW."sharing_id", NEW."what", NEW."withheld_at"); RETURN NULL;',
                    hash="e20e32139a6befe2736dad397257e0c66bc4141d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_19dcc",
                    table="casework_plannedaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plannedaction",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_plannedactionevent" ("came_of_it", "case_id", "date_reason", "done_on", "dropped_on", "due_on", "ended_by_id", "family_known_as", "goal_id", "id", "made_at", "made_by_id", "meeting_id", "owner_id", "owner_organisation_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sharing_id", "what", "withheld_at") VALUES (OLD."came_of_it", OLD."case_id", OLD."date_reason", OLD."done_on", OLD."dropped_on", OLD."due_on", OLD."ended_by_id", OLD."family_known_as", OLD."goal_id", OLD."id", OLD."made_at", OLD."made_by_id", OLD."meeting_id", OLD."owner_id", OLD."owner_organisation_id", NOW(), \'delete\', OLD."id", OLD."sharing_id", OLD."what", OLD."withheld_at"); RETURN NULL;',
                    hash="66162d63d06d5fd7f16cb0b8a41fcdcc05c1fad7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_63799",
                    table="casework_plannedaction",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="leadprofessional",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadprofessional",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="casework.case",
            ),
        ),
        migrations.AddField(
            model_name="leadprofessionalevent",
            name="by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadprofessionalevent",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.case",
            ),
        ),
        migrations.AddField(
            model_name="leadprofessionalevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="casework.leadprofessional",
            ),
        ),
        migrations.AddField(
            model_name="meetingseatevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="casework.meetingseat",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="minutescopy",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="minutescopy",
            name="minutes",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="casework.minutes",
            ),
        ),
        migrations.AddField(
            model_name="reviewedaction",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviewed_in",
                to="casework.plannedaction",
            ),
        ),
        migrations.AddField(
            model_name="reviewedaction",
            name="minutes",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviewed",
                to="casework.minutes",
            ),
        ),
        migrations.AddField(
            model_name="teammeeting",
            name="called_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammeeting",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="meetings",
                to="casework.case",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="minutes",
                to="casework.teammeeting",
            ),
        ),
        migrations.AddField(
            model_name="meetingseatevent",
            name="meeting",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.teammeeting",
            ),
        ),
        migrations.AddField(
            model_name="meetingseat",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="casework.teammeeting",
            ),
        ),
        migrations.AddField(
            model_name="plannedaction",
            name="meeting",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="casework.teammeeting",
            ),
        ),
        migrations.AddField(
            model_name="plannedactionevent",
            name="meeting",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.teammeeting",
            ),
        ),
        migrations.AddField(
            model_name="teammeetingevent",
            name="called_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammeetingevent",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.case",
            ),
        ),
        migrations.AddField(
            model_name="teammeetingevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="casework.teammeeting",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="team_members",
                to="casework.case",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="families.person",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="sharing",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="team_members",
                to="casework.sharing",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="minutescopy",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="casework.teammember",
            ),
        ),
        migrations.AddField(
            model_name="meetingseatevent",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.teammember",
            ),
        ),
        migrations.AddField(
            model_name="meetingseat",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="casework.teammember",
            ),
        ),
        migrations.AddField(
            model_name="leadprofessionalevent",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.teammember",
            ),
        ),
        migrations.AddField(
            model_name="leadprofessional",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="casework.teammember",
            ),
        ),
        migrations.AddField(
            model_name="teammemberevent",
            name="added_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammemberevent",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.case",
            ),
        ),
        migrations.AddField(
            model_name="teammemberevent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partners.organisation",
            ),
        ),
        migrations.AddField(
            model_name="teammemberevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="families.person",
            ),
        ),
        migrations.AddField(
            model_name="teammemberevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="casework.teammember",
            ),
        ),
        migrations.AddField(
            model_name="teammemberevent",
            name="sharing",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.sharing",
            ),
        ),
        migrations.AddField(
            model_name="teammemberevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teampage",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teampage",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teampage",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pages",
                to="casework.teammember",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewedaction",
            constraint=models.UniqueConstraint(
                fields=("minutes", "action"), name="action_is_reviewed_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewedaction",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e994c1fbe5ec0dc845742f671af208b6c5290a87",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_eb7e6",
                    table="casework_reviewedaction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewedaction",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="raise exception '% is append only', TG_TABLE_NAME;",
                    hash="da83e9f659910844762494564626b155341ad26f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_c096f",
                    table="casework_reviewedaction",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="teammeeting",
            index=models.Index(fields=["case", "starts_at"], name="team_meeting_case"),
        ),
        migrations.AddConstraint(
            model_name="teammeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes_long__gte", 5), ("minutes_long__lte", 480)),
                name="team_meeting_takes_a_while",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_teammeetingevent" ("agenda", "called_at", "called_by_id", "cancelled_at", "cancelled_because", "case_id", "id", "minutes_long", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "sequence", "starts_at", "uid") VALUES (NEW."agenda", NEW."called_at", NEW."called_by_id", NEW."cancelled_at", NEW."cancelled_because", NEW."case_id", NEW."id", NEW."minutes_long", NOW(), \'insert\', NEW."id", NEW."place", NEW."sequence", NEW."starts_at", NEW."uid"); RETURN NULL;',
                    hash="c44199beea303f993eb503224ca8e8f64176b4cf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_dc1ba",
                    table="casework_teammeeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_teammeetingevent" ("agenda", "called_at", "called_by_id", "cancelled_at", "cancelled_because", "case_id", "id", "minutes_long", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "sequence", "starts_at", "uid") VALUES (NEW."agenda", NEW."called_at", NEW."called_by_id", NEW."cancelled_at", NEW."cancelled_because", NEW."case_id", NEW."id", NEW."minutes_long", NOW(), \'update\', NEW."id", NEW."place", NEW."sequence", NEW."starts_at", NEW."uid"); RETURN NULL;',
                    hash="97556eb6edbc23efff5e46d040681de7ad5954e5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_54bd4",
                    table="casework_teammeeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammeeting",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_teammeetingevent" ("agenda", "called_at", "called_by_id", "cancelled_at", "cancelled_because", "case_id", "id", "minutes_long", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "sequence", "starts_at", "uid") VALUES (OLD."agenda", OLD."called_at", OLD."called_by_id", OLD."cancelled_at", OLD."cancelled_because", OLD."case_id", OLD."id", OLD."minutes_long", NOW(), \'delete\', OLD."id", OLD."place", OLD."sequence", OLD."starts_at", OLD."uid"); RETURN NULL;',
                    hash="740198c3615ad0ba0b96de6b9ffe056f89893005",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d5dba",
                    table="casework_teammeeting",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.UniqueConstraint(
                fields=("meeting", "version"), name="minutes_version_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutes",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7dbc61901cdc7d983b299a5a9ef7c10c083ce79a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f118a",
                    table="casework_minutes",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutes",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="raise exception '% is append only', TG_TABLE_NAME;",
                    hash="d203c78b8f1fe35f59990b5e77e2b79937674a38",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_3016c",
                    table="casework_minutes",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammeetingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="71c0644877a95a9be93fb75693c70d9c35b14c1e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_deba9",
                    table="casework_teammeetingevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="teammember",
            index=models.Index(fields=["case", "until"], name="team_member_case"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "partner"),
                        ("organisation__isnull", False),
                        ("person__isnull", True),
                        ("sharing__isnull", False),
                        models.Q(("email", ""), _negated=True),
                    ),
                    models.Q(
                        ("email", ""),
                        ("kind", "worker"),
                        ("organisation__isnull", True),
                        ("person__isnull", True),
                        ("user__isnull", False),
                    ),
                    models.Q(
                        ("email", ""),
                        ("kind", "family"),
                        ("organisation__isnull", True),
                        ("person__isnull", False),
                        ("user__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="team_member_is_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="team_member_leaves_after_joining",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "partner"), ("until__isnull", True), ("withheld_at__isnull", True)
                ),
                fields=("case", "email"),
                name="team_member_partner_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "worker"), ("until__isnull", True)),
                fields=("case", "user"),
                name="team_member_worker_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "family"), ("until__isnull", True)),
                fields=("case", "person"),
                name="team_member_person_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammember",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_teammemberevent" ("added_at", "added_by_id", "case_id", "email", "family_known_as", "id", "kind", "left_because", "name", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sharing_id", "since", "until", "user_id", "withheld_at") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."email", NEW."family_known_as", NEW."id", NEW."kind", NEW."left_because", NEW."name", NEW."organisation_id", NEW."person_id", NOW(), \'insert\', NEW."id", NEW."role", NEW."sharing_id", NEW."since", NEW."until", NEW."user_id", NEW."withheld_at"); RETURN NULL;',
                    hash="2268ead51d769540c6e830e07af37d4448f33505",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_df838",
                    table="casework_teammember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammember",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_teammemberevent" ("added_at", "added_by_id", "case_id", "email", "family_known_as", "id", "kind", "left_because", "name", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sharing_id", "since", "until", "user_id", "withheld_at") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."email", NEW."family_known_as", NEW."id", NEW."kind", NEW."left_because", NEW."name", NEW."organisation_id", NEW."person_id", NOW(), \'update\', NEW."id", NEW."role", NEW."sharing_id", NEW."since", NEW."until", NEW."user_id", NEW."withheld_at"); RETURN NULL;',
                    hash="0b1f6e85d1f377caa19b58d28715b5f6909ded88",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_912b6",
                    table="casework_teammember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammember",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_teammemberevent" ("added_at", "added_by_id", "case_id", "email", "family_known_as", "id", "kind", "left_because", "name", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sharing_id", "since", "until", "user_id", "withheld_at") VALUES (OLD."added_at", OLD."added_by_id", OLD."case_id", OLD."email", OLD."family_known_as", OLD."id", OLD."kind", OLD."left_because", OLD."name", OLD."organisation_id", OLD."person_id", NOW(), \'delete\', OLD."id", OLD."role", OLD."sharing_id", OLD."since", OLD."until", OLD."user_id", OLD."withheld_at"); RETURN NULL;',
                    hash="e3c86b64af5f3de5939b5109e228195439ba0a41",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3b3de",
                    table="casework_teammember",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="minutescopy",
            constraint=models.UniqueConstraint(
                fields=("minutes", "member"), name="minutes_are_sent_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutescopy",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f819c6f133916316fe30111498dbce9b222e327c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_02502",
                    table="casework_minutescopy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minutescopy",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="raise exception '% is append only', TG_TABLE_NAME;",
                    hash="cfce46a8f9b693aa73f17d09f59ce62490b6f5d0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_a37a6",
                    table="casework_minutescopy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingseatevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b4c64f7c4391db442bb4564a2e48420157ca2091",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_345e2",
                    table="casework_meetingseatevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingseat",
            constraint=models.UniqueConstraint(
                fields=("meeting", "member"), name="meeting_seat_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingseat",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_meetingseatevent" ("attendance", "id", "meeting_id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replied_at", "reply", "reply_words") VALUES (NEW."attendance", NEW."id", NEW."meeting_id", NEW."member_id", NOW(), \'insert\', NEW."id", NEW."replied_at", NEW."reply", NEW."reply_words"); RETURN NULL;',
                    hash="62286d880d0f69b8e766a31e2a0932d63ba0bc97",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_679b2",
                    table="casework_meetingseat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingseat",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_meetingseatevent" ("attendance", "id", "meeting_id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replied_at", "reply", "reply_words") VALUES (NEW."attendance", NEW."id", NEW."meeting_id", NEW."member_id", NOW(), \'update\', NEW."id", NEW."replied_at", NEW."reply", NEW."reply_words"); RETURN NULL;',
                    hash="e975065bb0184519e9837c2d513d0ce051c5384c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b4a0b",
                    table="casework_meetingseat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingseat",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_meetingseatevent" ("attendance", "id", "meeting_id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replied_at", "reply", "reply_words") VALUES (OLD."attendance", OLD."id", OLD."meeting_id", OLD."member_id", NOW(), \'delete\', OLD."id", OLD."replied_at", OLD."reply", OLD."reply_words"); RETURN NULL;',
                    hash="24f1bb294398015fe51f463533b07a47ba74b865",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0c031",
                    table="casework_meetingseat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leadprofessionalevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="aa8ecd9f22e91549977929386f1aa3057ffa1dde",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_783c4",
                    table="casework_leadprofessionalevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="leadprofessional",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("case",),
                name="team_has_one_lead",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leadprofessional",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_leadprofessionalevent" ("by_id", "case_id", "id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "until") VALUES (NEW."by_id", NEW."case_id", NEW."id", NEW."member_id", NOW(), \'insert\', NEW."id", NEW."since", NEW."until"); RETURN NULL;',
                    hash="e15adf4b26ded82ac29ec2351ec146a2b2145e0c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c024e",
                    table="casework_leadprofessional",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leadprofessional",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_leadprofessionalevent" ("by_id", "case_id", "id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "until") VALUES (NEW."by_id", NEW."case_id", NEW."id", NEW."member_id", NOW(), \'update\', NEW."id", NEW."since", NEW."until"); RETURN NULL;',
                    hash="e077a3cfb3e4d4d6d36b52fb7f9903e8ee8b4f6e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_36aa4",
                    table="casework_leadprofessional",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leadprofessional",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_leadprofessionalevent" ("by_id", "case_id", "id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "until") VALUES (OLD."by_id", OLD."case_id", OLD."id", OLD."member_id", NOW(), \'delete\', OLD."id", OLD."since", OLD."until"); RETURN NULL;',
                    hash="5b135f41119f1c20d107a13f8ea2cc12c53f40fb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b76b9",
                    table="casework_leadprofessional",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammemberevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="35a1e78bcda426e8ee94b35a18d4d04f49938c99",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f8b9d",
                    table="casework_teammemberevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="teampage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("member",),
                name="team_member_has_one_page",
            ),
        ),
        guard(
            "casework_teammember",
            see=any_of(
                visible("casework_case", "casework_teammember.case_id"),
                "(withheld_at is null and (until is null or until >= kith_today()) and "
                + any_of(
                    # A partner's people, for as long as they act for it.
                    is_me("casework_teammember.user_id")
                    + " and exists (select 1 from partners_organisation partner"
                    " where partner.id = casework_teammember.organisation_id and "
                    + in_my_teams("partner.team_id", "action.own")
                    + ")",
                    "id = (select kith_linked('team_page'))",
                )
                + ")",
            ),
        ),
        guard(
            "casework_leadprofessional",
            see=visible("casework_teammember", "casework_leadprofessional.member_id"),
        ),
        guard(
            "casework_teampage", see=visible("casework_teammember", "casework_teampage.member_id")
        ),
        guard(
            "casework_meetingseat",
            see=visible("casework_teammember", "casework_meetingseat.member_id"),
        ),
        # Whoever is asked to a meeting knows of it, and reads minutes when they were sent to them.
        guard(
            "casework_teammeeting",
            see=any_of(
                visible("casework_case", "casework_teammeeting.case_id"),
                visible("casework_meetingseat", "casework_teammeeting.id", key="meeting_id"),
            ),
        ),
        guard(
            "casework_minutescopy",
            see=visible("casework_teammember", "casework_minutescopy.member_id"),
        ),
        guard(
            "casework_minutes",
            see=any_of(
                "exists (select 1 from casework_teammeeting held join casework_case helped"
                " on helped.id = held.case_id where held.id = casework_minutes.meeting_id)",
                visible("casework_minutescopy", "casework_minutes.id", key="minutes_id"),
            ),
        ),
        guard(
            "casework_reviewedaction",
            see=visible("casework_minutes", "casework_reviewedaction.minutes_id"),
        ),
        guard_history("casework_teammemberevent", "casework_teammember"),
        guard_history("casework_leadprofessionalevent", "casework_leadprofessional"),
        guard_history("casework_meetingseatevent", "casework_meetingseat"),
        guard_history("casework_teammeetingevent", "casework_teammeeting"),
    ]
