import accounts.rules.numbers
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import segur.trigrams
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('full_name', models.CharField(max_length=150, verbose_name='prénom et nom')),
                ('theme', models.CharField(choices=[('auto', "Comme l'appareil"), ('clair', 'Clair'), ('sombre', 'Sombre')], default='auto', max_length=6, verbose_name='apparence')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('is_staff', models.BooleanField(default=False, verbose_name='équipe technique')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='inscription')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'personne',
                'ordering': ('full_name', 'email', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='FormerPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=128)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_passwords', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'ancien mot de passe',
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('EDITEUR', 'Éditeur'), ('DISTRIBUTEUR', 'Distributeur'), ('CLIENT', 'Client'), ('ANS', 'ANS')], max_length=12, verbose_name='nature')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('siren', models.CharField(blank=True, max_length=9, validators=[accounts.rules.numbers.validate_siren], verbose_name='SIREN')),
                ('siret', models.CharField(blank=True, max_length=14, validators=[accounts.rules.numbers.validate_siret], verbose_name='SIRET')),
                ('finess', models.CharField(blank=True, max_length=9, validators=[accounts.rules.numbers.validate_finess], verbose_name='FINESS')),
                ('city', models.CharField(blank=True, max_length=100, verbose_name='commune')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('search_text', models.CharField(blank=True, editable=False, max_length=400)),
                ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='accounts.organisation', verbose_name='réunie à')),
            ],
            options={
                'verbose_name': 'organisation',
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('MANDATAIRE', 'Mandataire'), ('REPRESENTANT', 'Représentant'), ('SALARIE', 'Salarié'), ('AGENT', "Agent de l'ANS"), ('RESPONSABLE', "Responsable à l'ANS")], max_length=12, verbose_name='rôle')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='depuis')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'appartenance',
                'ordering': ('user__full_name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('role', models.CharField(choices=[('MANDATAIRE', 'Mandataire'), ('REPRESENTANT', 'Représentant'), ('SALARIE', 'Salarié'), ('AGENT', "Agent de l'ANS"), ('RESPONSABLE', "Responsable à l'ANS")], max_length=12, verbose_name='rôle')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sent_at', models.DateTimeField(verbose_name='envoyée le')),
                ('expires_at', models.DateTimeField(verbose_name='expire le')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='acceptée le')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='retirée le')),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'invitation',
                'ordering': ('-sent_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='FactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('DEMANDEE', 'Demandée'), ('FAITE', 'Faite'), ('ANNULEE', 'Annulée')], default='DEMANDEE', max_length=10)),
                ('asked_at', models.DateTimeField(verbose_name='demandée le')),
                ('due_at', models.DateTimeField(verbose_name='effet le')),
                ('reason', models.CharField(max_length=500, verbose_name='motif')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factor_resets', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name': "réinitialisation d'un second facteur",
                'ordering': ('-asked_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='nom')),
                ('start', models.CharField(max_length=12, verbose_name='début de la clé')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('created_by_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('scopes', models.JSONField(default=list, verbose_name='portées')),
                ('ends_on', models.DateField(verbose_name='dernier jour')),
                ('signs', models.BooleanField(default=False, verbose_name='envois signés')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='dernier usage')),
                ('last_used_from', models.GenericIPAddressField(null=True, verbose_name='adresse du dernier usage')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='retirée le')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('held_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='held_keys', to=settings.AUTH_USER_MODEL, verbose_name='répondant')),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to='accounts.organisation')),
            ],
            options={
                'verbose_name': "clé d'API",
                'verbose_name_plural': "clés d'API",
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique', violation_error_message='Cette adresse électronique a déjà un compte.'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=segur.trigrams.TrigramIndex(fields=['search_text'], name='organisation_search'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('siren', ''), _negated=True), models.Q(('kind', 'CLIENT'), _negated=True)), fields=('kind', 'siren'), name='organisation_siren_unique', violation_error_message='Une organisation de cette nature porte déjà ce SIREN.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('finess', ''), _negated=True), fields=('finess',), name='organisation_finess_unique', violation_error_message='Un Client porte déjà ce numéro FINESS.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'CLIENT'), _negated=True), models.Q(('finess', ''), _negated=True), _connector='OR'), name='organisation_client_has_finess', violation_error_message='Un Client est identifié par son numéro FINESS.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['CLIENT', 'ANS']), models.Q(('siren', ''), _negated=True), _connector='OR'), name='organisation_supplier_has_siren', violation_error_message='Un éditeur ou un distributeur a un numéro SIREN.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'organisation'), name='membership_unique', violation_error_message="Cette personne est déjà membre de l'organisation."),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), models.F('organisation'), condition=models.Q(('accepted_at', None), ('revoked_at', None)), name='invitation_pending_unique', violation_error_message="Cette personne est déjà invitée : renvoyez l'invitation."),
        ),
        migrations.AddConstraint(
            model_name='factorreset',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'DEMANDEE')), fields=('user',), name='factor_reset_one_waiting', violation_error_message='Une réinitialisation est déjà demandée.'),
        ),
    ]
