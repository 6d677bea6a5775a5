import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import documents.models
import mailing.rules
import segur.trigrams
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('mailing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Dispositif',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True)),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=100, verbose_name='nom')),
                ('short_name', models.CharField(max_length=20, verbose_name='nom court')),
                ('needs_proxy', models.BooleanField(default=False, verbose_name='référencée en couple avec un proxy')),
                ('has_pilots', models.BooleanField(default=False, verbose_name='pilotes et premières installations')),
                ('has_va', models.BooleanField(default=False, verbose_name='VA, demi-connecteurs et portails')),
                ('has_perf', models.BooleanField(default=False, verbose_name='PERF, par les indisponibilités')),
                ('has_ratios', models.BooleanField(default=False, verbose_name='PERFm et PERFe')),
            ],
            options={
                'verbose_name': 'dispositif',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='KeptFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('made_at', models.DateTimeField()),
                ('seconds', models.FloatField()),
                ('last_entry', models.BigIntegerField()),
                ('data', models.JSONField()),
            ],
            options={
                'verbose_name': 'chiffres comptés',
                'verbose_name_plural': 'chiffres comptés',
            },
        ),
        migrations.CreateModel(
            name='PlanningRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complete_at', models.DateTimeField()),
                ('ran_at', models.DateTimeField()),
                ('link', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'passage de la planification',
            },
        ),
        migrations.CreateModel(
            name='ArchivedReminder',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('deadline_id', models.BigIntegerField(null=True)),
                ('supplier_id', models.BigIntegerField(null=True)),
                ('right', models.CharField(blank=True, max_length=10)),
                ('subject_version', models.PositiveIntegerField()),
                ('recipient_id', models.BigIntegerField()),
                ('step', models.SmallIntegerField()),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('PREVU', 'Prévu'), ('EN_COURS', 'Envoi en cours'), ('ENVOYE', 'Envoyé'), ('INCERTAIN', 'Peut-être reçu'), ('ECHEC', 'Échec'), ('REMPLACE', 'Remplacé par un rappel plus proche'), ('ANNULE', 'Annulé')], max_length=10)),
                ('state_reason', models.CharField(blank=True, max_length=200)),
                ('mail_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('archived_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'rappel archivé',
                'verbose_name_plural': 'rappels archivés',
                'indexes': [models.Index(condition=models.Q(('mail_id__isnull', False)), fields=['mail_id'], name='archived_of_mail')],
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('code', models.CharField(blank=True, max_length=60)),
                ('rule', models.CharField(blank=True, max_length=500, verbose_name='règle')),
                ('steps', models.JSONField(blank=True, null=True, verbose_name='étapes de rappel')),
                ('page', models.CharField(blank=True, max_length=200)),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='avant le')),
                ('version', models.PositiveIntegerField(default=1)),
                ('moved_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('A_FAIRE', 'À faire'), ('BROUILLON', 'Brouillon non déposé'), ('DEPOSE', 'Déposé'), ('VALIDE', 'Validé'), ('A_CORRIGER', 'À corriger'), ('REFUSE', 'Refusé'), ('SANS_OBJET', 'Sans objet')], default='A_FAIRE', max_length=12, verbose_name='état')),
                ('state_reason', models.CharField(blank=True, max_length=1000, verbose_name='motif')),
                ('changed_at', models.DateTimeField(null=True)),
                ('reopened_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='accounts.organisation')),
                ('dispositif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='calendar_app.dispositif')),
            ],
            options={
                'verbose_name': 'échéance',
                'ordering': (models.OrderBy(models.F('due_at'), nulls_last=True), 'dispositif', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='FeedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=43, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_read_at', models.DateTimeField(null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='feed_address', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'flux personnel',
            },
        ),
        migrations.CreateModel(
            name='FilingBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('receipt_number', models.CharField(max_length=30, null=True, unique=True)),
                ('receipt', models.JSONField(default=dict)),
                ('receipt_sha256', models.CharField(blank=True, max_length=64)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'dépôts déclarés ensemble',
                'verbose_name_plural': 'dépôts déclarés ensemble',
            },
        ),
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('status', models.CharField(choices=[('BROUILLON', 'Brouillon'), ('DEPOSE', 'Déposé'), ('ABANDONNE', 'Abandonné')], default='BROUILLON', max_length=10)),
                ('origin', models.CharField(choices=[('DECLARE', 'Déclaré sur ce site'), ('REPRISE', 'Repris du passé')], default='DECLARE', max_length=8)),
                ('comment', models.TextField(blank=True, max_length=2000, verbose_name='commentaire')),
                ('external_reference', models.CharField(blank=True, max_length=80, verbose_name="numéro de l'accusé de dépôt")),
                ('deposited_at', models.DateTimeField(blank=True, null=True, verbose_name='déposé le')),
                ('prepared_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('saved_by_name', models.CharField(blank=True, max_length=150)),
                ('saved_at', models.DateTimeField(null=True)),
                ('recorded_by_name', models.CharField(blank=True, max_length=150)),
                ('recorded_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('deadline_version', models.PositiveIntegerField(null=True)),
                ('receipt_number', models.CharField(max_length=30, null=True, unique=True)),
                ('receipt', models.JSONField(null=True)),
                ('receipt_sha256', models.CharField(blank=True, max_length=64)),
                ('decision', models.CharField(blank=True, max_length=12)),
                ('decision_reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=150)),
                ('decided_sha256', models.CharField(blank=True, max_length=64)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='filings', to='calendar_app.deadline')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='calendar_app.filingbatch')),
            ],
            options={
                'verbose_name': 'dépôt',
                'ordering': ('deadline', '-number'),
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('scope', models.CharField(choices=[('SOLUTION', 'Solution'), ('PRESTATION', 'Prestation')], max_length=12, verbose_name="s'applique à")),
                ('channel', models.CharField(choices=[('CONVERGENCE', 'Convergence'), ('ASP', "portail de l'ASP"), ('ICI', 'cette application'), ('AUCUN', 'chez le Client, sans dépôt')], max_length=12, verbose_name='se dépose sur')),
                ('is_money_step', models.BooleanField(default=False, verbose_name='étape de paiement')),
                ('needs_pilots', models.BooleanField(default=False, verbose_name='demande le périmètre pilote')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='avant le')),
                ('estimated_at', models.DateTimeField(blank=True, null=True, verbose_name='date estimée')),
                ('version', models.PositiveIntegerField(default=1)),
                ('date_version', models.PositiveIntegerField(default=1)),
                ('dispositif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='calendar_app.dispositif')),
            ],
            options={
                'verbose_name': 'jalon',
                'ordering': ('dispositif', 'number'),
            },
        ),
        migrations.CreateModel(
            name='ExpectedPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('label', models.CharField(max_length=200, verbose_name='intitulé')),
                ('help', models.CharField(blank=True, max_length=500, verbose_name='explication')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('is_required', models.BooleanField(default=True, verbose_name='obligatoire')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expected_pieces', to='calendar_app.milestone', verbose_name='jalon')),
            ],
            options={
                'verbose_name': 'pièce attendue',
                'verbose_name_plural': 'pièces attendues',
                'ordering': ('milestone', 'position', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='deadline',
            name='milestone',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='calendar_app.milestone'),
        ),
        migrations.CreateModel(
            name='MilestoneVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='avant le')),
                ('estimated_at', models.DateTimeField(blank=True, null=True, verbose_name='date estimée')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                ('author_name', models.CharField(max_length=150, verbose_name='auteur')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('told_at', models.DateTimeField(editable=False, null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='calendar_app.milestone')),
            ],
            options={
                'verbose_name': "version d'un jalon",
                'verbose_name_plural': 'versions des jalons',
                'ordering': ('milestone', '-number'),
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('label', models.CharField(max_length=200, verbose_name='intitulé')),
                ('is_own', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('A_FOURNIR', 'À fournir'), ('EN_COURS', 'En préparation'), ('PRETE', 'Prête'), ('SANS_OBJET', 'Sans objet')], default='A_FOURNIR', max_length=12, verbose_name='état')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='à fournir pour le')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='précision')),
                ('changed_at', models.DateTimeField(null=True)),
                ('changed_by_name', models.CharField(blank=True, max_length=150)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='calendar_app.deadline')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne chargée')),
            ],
            options={
                'verbose_name': 'pièce du dossier',
                'verbose_name_plural': 'pièces des dossiers',
                'ordering': ('deadline', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='PieceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=documents.models.stored_path)),
                ('name', models.CharField(max_length=255, verbose_name='nom du fichier')),
                ('size', models.PositiveIntegerField(verbose_name='taille en octets')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                ('content_type', models.CharField(max_length=100)),
                ('document_date', models.DateField(blank=True, null=True, verbose_name='date du document')),
                ('uploaded_by_name', models.CharField(max_length=150)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('scan', models.CharField(blank=True, choices=[('', 'Sans antivirus'), ('EN_ATTENTE', "En attente d'analyse antivirus"), ('SAIN', "Analysé par l'antivirus"), ('INFECTE', "Refusé par l'antivirus")], default='', max_length=10, verbose_name='antivirus')),
                ('scanned_at', models.DateTimeField(null=True)),
                ('piece', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='calendar_app.piece')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "fichier d'une pièce",
                'verbose_name_plural': 'fichiers des pièces',
                'ordering': ('-uploaded_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Prestation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_reference', models.CharField(blank=True, max_length=60, verbose_name='référence du bon de commande')),
                ('ordered_on', models.DateField(blank=True, null=True, verbose_name='bon de commande signé le')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('client', models.ForeignKey(limit_choices_to={'kind': 'CLIENT'}, on_delete=django.db.models.deletion.PROTECT, related_name='prestations_received', to='accounts.organisation', verbose_name='Client')),
                ('dispositif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prestations', to='calendar_app.dispositif')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prestations', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'Prestation Ségur',
                'verbose_name_plural': 'Prestations Ségur',
                'ordering': ('client__name', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='deadline',
            name='prestation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deadlines', to='calendar_app.prestation'),
        ),
        migrations.CreateModel(
            name='Amounts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('advance', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='avance, en centimes')),
                ('balance', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='solde, en centimes')),
                ('advance_paid_on', models.DateField(blank=True, null=True, verbose_name='avance payée le')),
                ('balance_paid_on', models.DateField(blank=True, null=True, verbose_name='solde payé le')),
                ('prestation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='amounts', to='calendar_app.prestation')),
            ],
            options={
                'verbose_name': "montants d'une prestation",
                'verbose_name_plural': 'montants des prestations',
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=documents.models.stored_path)),
                ('name', models.CharField(max_length=255, verbose_name='nom du fichier')),
                ('size', models.PositiveIntegerField(verbose_name='taille en octets')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                ('content_type', models.CharField(max_length=100)),
                ('document_date', models.DateField(blank=True, null=True, verbose_name='date du document')),
                ('uploaded_by_name', models.CharField(max_length=150)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('scan', models.CharField(blank=True, choices=[('', 'Sans antivirus'), ('EN_ATTENTE', "En attente d'analyse antivirus"), ('SAIN', "Analysé par l'antivirus"), ('INFECTE', "Refusé par l'antivirus")], default='', max_length=10, verbose_name='antivirus')),
                ('scanned_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('filing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='calendar_app.filing')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pièce',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='PutOffStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('organisation', 'Votre organisation'), ('collegues', 'Vos collègues'), ('solution', 'Votre solution'), ('passe', 'La reprise du passé'), ('prestations', 'Vos Clients et vos prestations'), ('agenda', 'Votre agenda')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='put_off_steps', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'étape remise à plus tard',
            },
        ),
        migrations.CreateModel(
            name='ReminderPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('steps', models.JSONField(verbose_name='étapes')),
                ('early', models.BooleanField(default=False, verbose_name='recevoir aussi les premières étapes')),
                ('muted_kinds', models.JSONField(default=mailing.rules.asked_kinds, verbose_name='courriels refusés')),
                ('quiet', models.BooleanField(default=False, verbose_name='pas de courriel hors des heures ouvrées')),
                ('paused_until', models.DateField(blank=True, null=True, verbose_name="pause jusqu'au")),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True)),
                ('dispositif', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='calendar_app.dispositif')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'préférence de rappel',
                'verbose_name_plural': 'préférences de rappel',
            },
        ),
        migrations.CreateModel(
            name='SafetyMargin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(120)], verbose_name='jours ouvrés')),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='safety_margin', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': "marge d'une organisation",
                'verbose_name_plural': 'marges des organisations',
            },
        ),
        migrations.CreateModel(
            name='Solution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, verbose_name='nom')),
                ('version', models.CharField(blank=True, max_length=50, verbose_name='version')),
                ('proxy_name', models.CharField(blank=True, max_length=150, verbose_name='proxy')),
                ('proxy_version', models.CharField(blank=True, max_length=50, verbose_name='version du proxy')),
                ('market', models.CharField(choices=[('A_PRECISER', 'À préciser'), ('CONCURRENTIEL', 'Proposée sur un marché concurrentiel'), ('AUTOEDITEE', 'Autoéditée : utilisée par son seul éditeur'), ('RESERVEE', "Réservée aux membres du groupement qui l'édite")], default='A_PRECISER', max_length=14, verbose_name='mise sur le marché')),
                ('referenced_on', models.DateField(blank=True, null=True, verbose_name='référencée Vague 2 le')),
                ('reference_number', models.CharField(blank=True, max_length=60, verbose_name='numéro de référencement')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('search_text', models.CharField(blank=True, editable=False, max_length=500)),
                ('dispositif', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='solutions', to='calendar_app.dispositif')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='solutions', to='accounts.organisation', verbose_name='éditeur')),
            ],
            options={
                'verbose_name': 'solution logicielle',
                'verbose_name_plural': 'solutions logicielles',
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='deadline',
            name='solution',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deadlines', to='calendar_app.solution'),
        ),
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared_on', models.DateField(blank=True, null=True, verbose_name="déclaré à l'ANS par l'éditeur le")),
                ('mandate_from', models.DateField(blank=True, null=True, verbose_name='mandat valable du')),
                ('mandate_until', models.DateField(blank=True, null=True, verbose_name="mandat valable jusqu'au")),
                ('psc_from', models.DateField(blank=True, null=True, verbose_name='habilitation EDC PSC valable du')),
                ('psc_until', models.DateField(blank=True, null=True, verbose_name="habilitation EDC PSC valable jusqu'au")),
                ('psc_by_mandate', models.BooleanField(default=False, verbose_name="le mandat permet d'utiliser l'habilitation EDC PSC de l'éditeur")),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplies', to='accounts.organisation', verbose_name='Fournisseur')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suppliers', to='calendar_app.solution')),
            ],
            options={
                'verbose_name': 'Fournisseur',
                'ordering': ('organisation__name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.CharField(blank=True, choices=[('MANDAT', 'Mandat'), ('EDC_PSC', 'Habilitation EDC PSC')], max_length=10, verbose_name='droit')),
                ('subject_version', models.PositiveIntegerField()),
                ('step', models.SmallIntegerField()),
                ('due_at', models.DateTimeField(verbose_name='part le')),
                ('state', models.CharField(choices=[('PREVU', 'Prévu'), ('EN_COURS', 'Envoi en cours'), ('ENVOYE', 'Envoyé'), ('INCERTAIN', 'Peut-être reçu'), ('ECHEC', 'Échec'), ('REMPLACE', 'Remplacé par un rappel plus proche'), ('ANNULE', 'Annulé')], default='PREVU', max_length=10)),
                ('state_reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('deadline', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='calendar_app.deadline')),
                ('mail', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reminders', to='mailing.outgoingmail')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to=settings.AUTH_USER_MODEL)),
                ('supplier', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='calendar_app.supplier')),
            ],
            options={
                'verbose_name': 'rappel',
                'ordering': ('due_at', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='prestation',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prestations', to='calendar_app.supplier', verbose_name='Fournisseur'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(django.db.models.functions.text.Upper('external_reference'), name='filing_reference'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(django.db.models.functions.text.Upper('receipt_number'), name='filing_receipt'),
        ),
        migrations.AddIndex(
            model_name='filing',
            index=models.Index(fields=['receipt_sha256'], name='filing_digest'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.UniqueConstraint(fields=('deadline', 'number'), name='filing_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'BROUILLON')), fields=('deadline',), name='filing_one_draft', violation_error_message='Cette échéance a déjà un brouillon.'),
        ),
        migrations.AddConstraint(
            model_name='filing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'DEPOSE'), _negated=True), models.Q(('deposited_at__isnull', False), ('recorded_at__isnull', False)), _connector='OR'), name='filing_filed_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('dispositif', 'number'), name='milestone_number_unique', violation_error_message='Ce dispositif a déjà un jalon de ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__isnull', False), ('estimated_at__isnull', False), _connector='OR'), name='milestone_has_a_date', violation_error_message='Un jalon a une date réglementaire ou une date estimée.'),
        ),
        migrations.AddConstraint(
            model_name='expectedpiece',
            constraint=models.UniqueConstraint(fields=('milestone', 'code'), name='expected_piece_unique', violation_error_message='Ce jalon a déjà une pièce de ce code.'),
        ),
        migrations.AddConstraint(
            model_name='milestoneversion',
            constraint=models.UniqueConstraint(fields=('milestone', 'number'), name='milestone_version_unique', violation_error_message="Ce jalon vient d'être modifié par quelqu'un d'autre."),
        ),
        migrations.AddConstraint(
            model_name='piece',
            constraint=models.UniqueConstraint(fields=('deadline', 'code'), name='piece_unique'),
        ),
        migrations.AddConstraint(
            model_name='piece',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'SANS_OBJET'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='piece_without_object_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='putoffstep',
            constraint=models.UniqueConstraint(fields=('organisation', 'step'), name='put_off_step_unique'),
        ),
        migrations.AddConstraint(
            model_name='reminderpreference',
            constraint=models.UniqueConstraint(fields=('user', 'dispositif'), name='preference_unique'),
        ),
        migrations.AddConstraint(
            model_name='reminderpreference',
            constraint=models.UniqueConstraint(condition=models.Q(('dispositif', None)), fields=('user',), name='preference_general_unique'),
        ),
        migrations.AddIndex(
            model_name='solution',
            index=segur.trigrams.TrigramIndex(fields=['search_text'], name='solution_search'),
        ),
        migrations.AddConstraint(
            model_name='solution',
            constraint=models.UniqueConstraint(fields=('organisation', 'dispositif', 'name', 'version', 'proxy_name'), name='solution_unique', violation_error_message='Cette solution est déjà enregistrée.'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(fields=['state', 'due_at'], name='deadline_state_due'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(fields=['milestone', 'state', 'id'], name='deadline_milestone_state'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(fields=('milestone', 'solution'), name='deadline_solution_unique'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(fields=('milestone', 'prestation'), name='deadline_prestation_unique'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('solution', 'code'), name='deadline_solution_delay_unique'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('prestation', 'code'), name='deadline_prestation_delay_unique'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('milestone', None), ('code', ''), _connector='XOR'), name='deadline_is_milestone_or_delay'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('prestation__isnull', False), ('solution', None)), models.Q(('prestation', None), ('solution__isnull', False)), _connector='OR'), name='deadline_has_one_subject', violation_error_message='Une échéance porte sur une solution ou sur une prestation, jamais les deux.'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.UniqueConstraint(fields=('organisation', 'solution'), name='supplier_unique', violation_error_message='Cette organisation est déjà Fournisseur de la solution.'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('mandate_until', None), ('mandate_until__gte', models.F('mandate_from')), _connector='OR'), name='supplier_mandate_dates', violation_error_message='Le mandat finit avant de commencer.'),
        ),
        migrations.AddConstraint(
            model_name='supplier',
            constraint=models.CheckConstraint(condition=models.Q(('psc_until', None), ('psc_until__gte', models.F('psc_from')), _connector='OR'), name='supplier_psc_dates', violation_error_message="L'habilitation EDC PSC finit avant de commencer."),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('state', 'PREVU')), fields=['due_at'], name='reminder_due'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('mail__isnull', False)), fields=['mail'], name='reminder_of_mail'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('deadline', 'subject_version', 'recipient', 'step'), name='reminder_unique'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('supplier__isnull', False)), fields=('supplier', 'right', 'subject_version', 'recipient', 'step'), name='reminder_of_right_unique'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deadline__isnull', False), ('right', ''), ('supplier', None)), models.Q(('deadline', None), ('supplier__isnull', False), models.Q(('right', ''), _negated=True)), _connector='OR'), name='reminder_has_one_subject'),
        ),
        migrations.AddIndex(
            model_name='prestation',
            index=models.Index(django.db.models.functions.text.Upper('order_reference'), name='prestation_order'),
        ),
        migrations.AddConstraint(
            model_name='prestation',
            constraint=models.UniqueConstraint(fields=('client', 'dispositif', 'organisation'), name='prestation_unique', violation_error_message='Ce Fournisseur a déjà une prestation chez ce Client pour ce dispositif.'),
        ),
    ]
