import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import documents.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('calendar_app', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('PANNE', 'Panne'), ('MAINTENANCE', 'Maintenance annoncée'), ('NON_MESURE', 'Non mesuré')], default='PANNE', max_length=12, verbose_name='nature')),
                ('standing', models.CharField(choices=[('NON_CONTESTEE', 'Non contestée'), ('CONTESTEE', 'Contestée'), ('RETENUE', 'Retenue'), ('NON_RETENUE', 'Non retenue')], default='NON_CONTESTEE', max_length=14, verbose_name='situation')),
                ('started_at', models.DateTimeField(verbose_name='début')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='fin')),
                ('contested_at', models.DateTimeField(null=True)),
                ('contested_by_name', models.CharField(blank=True, max_length=150)),
                ('contest_reason', models.TextField(blank=True, verbose_name='motif de la contestation')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=150)),
                ('decision_reason', models.TextField(blank=True, verbose_name='motif de la décision')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('slip_until', models.DateTimeField(editable=False, null=True)),
                ('end_is_free', models.BooleanField(default=False, editable=False)),
                ('contested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'panne',
                'ordering': ('-started_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='OutageProof',
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
                ('outage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='perf.outage')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "pièce d'une panne",
                'verbose_name_plural': 'pièces des pannes',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='OutageVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('ANS', "Supervision de l'ANS"), ('FOURNISSEUR', 'Fournisseur'), ('CLIENT', 'Client'), ('IMPORT', 'Import')], max_length=12, verbose_name='source')),
                ('reference', models.CharField(max_length=120, verbose_name='référence')),
                ('started_at', models.DateTimeField(verbose_name='début')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='fin')),
                ('cause', models.CharField(blank=True, max_length=500, verbose_name='cause')),
                ('recorded_by_name', models.CharField(max_length=150)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('outage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='perf.outage')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.apitoken')),
            ],
            options={
                'verbose_name': "version d'une panne",
                'verbose_name_plural': 'versions des pannes',
                'ordering': ('recorded_at', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='outage',
            name='counting',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='perf.outageversion', verbose_name='version comptée'),
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(error_messages={'unique': 'Ce code désigne déjà un autre service.'}, max_length=60, unique=True, verbose_name='code du service')),
                ('probe_id', models.CharField(blank=True, max_length=60, verbose_name='sonde de la supervision')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('prestation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='perf_service', to='calendar_app.prestation')),
            ],
            options={
                'verbose_name': 'service supervisé',
                'verbose_name_plural': 'services supervisés',
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='ProbeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('incident', models.CharField(db_index=True, max_length=60)),
                ('probe_id', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=40)),
                ('payload', models.JSONField()),
                ('outcome', models.CharField(max_length=300)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('received_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.apitoken')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='probe_events', to='perf.service')),
            ],
            options={
                'verbose_name': 'événement de la supervision',
                'verbose_name_plural': 'événements de la supervision',
                'ordering': ('-received_at', '-pk'),
            },
        ),
        migrations.AddField(
            model_name='outageversion',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='perf.service'),
        ),
        migrations.AddField(
            model_name='outage',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outages', to='perf.service'),
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('MODIFIER', "Modification d'une version"), ('RAPPROCHER', 'Rapprochement'), ('SEPARER', "Séparation d'une version")], max_length=12, verbose_name='acte')),
                ('target', models.CharField(max_length=60)),
                ('values', models.JSONField(default=dict)),
                ('what', models.CharField(max_length=500, verbose_name='correction demandée')),
                ('state', models.CharField(choices=[('EN_ATTENTE', "En attente de l'ANS"), ('ACCEPTEE', 'Acceptée'), ('REFUSEE', 'Refusée'), ('REMPLACEE', 'Remplacée'), ('RETIREE', 'Retirée')], default='EN_ATTENTE', max_length=12, verbose_name='état')),
                ('period', models.CharField(max_length=60, verbose_name='période')),
                ('counted_before', models.BigIntegerField(verbose_name='D_f actuelle, en microsecondes')),
                ('counted_after', models.BigIntegerField(verbose_name='D_f demandée, en microsecondes')),
                ('perf_before', models.CharField(max_length=5, verbose_name='PERF actuel')),
                ('perf_after', models.CharField(max_length=5, verbose_name='PERF demandé')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandée le')),
                ('proposed_by_name', models.CharField(max_length=150)),
                ('origin', models.CharField(choices=[('ECRAN', 'Écran'), ('API', "Clé d'API"), ('FICHIER', 'Fichier'), ('SUPERVISION', 'Supervision'), ('HORLOGE', 'Application')], default='ECRAN', max_length=12)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=150)),
                ('decision_reason', models.TextField(blank=True, verbose_name='motif de la décision')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.apitoken')),
                ('other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='perf.outage')),
                ('outage', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='corrections', to='perf.outage')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='perf.service')),
            ],
            options={
                'verbose_name': 'correction à la baisse',
                'verbose_name_plural': 'corrections à la baisse',
                'ordering': ('proposed_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='numéro')),
                ('period_start', models.DateTimeField(verbose_name='du')),
                ('period_end', models.DateTimeField(verbose_name='au')),
                ('base', models.CharField(max_length=10, verbose_name='base de comptage')),
                ('counted_us', models.BigIntegerField(verbose_name='D_f en microsecondes')),
                ('perf', models.CharField(max_length=5, verbose_name='PERF')),
                ('is_provisional', models.BooleanField(default=False, verbose_name='provisoire')),
                ('document', models.TextField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='établi le')),
                ('issued_by_name', models.CharField(max_length=150)),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prestation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='perf_statements', to='calendar_app.prestation')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='perf.statement')),
            ],
            options={
                'verbose_name': 'relevé PERF',
                'verbose_name_plural': 'relevés PERF',
                'ordering': ('-issued_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80, verbose_name='référence')),
                ('subject', models.CharField(max_length=200, verbose_name='objet')),
                ('opened_at', models.DateTimeField(verbose_name='déclaré le')),
                ('responded_at', models.DateTimeField(blank=True, null=True, verbose_name='pris en charge le')),
                ('restored_at', models.DateTimeField(blank=True, null=True, verbose_name='rétabli le')),
                ('gti_due_at', models.DateTimeField(verbose_name='GTI due le')),
                ('gtr_due_at', models.DateTimeField(verbose_name='GTR due le')),
                ('gti_until', models.DateTimeField()),
                ('gtr_until', models.DateTimeField()),
                ('gti_warn_at', models.DateTimeField()),
                ('gtr_warn_at', models.DateTimeField()),
                ('rules_known', models.PositiveIntegerField(default=0)),
                ('gti_warned_at', models.DateTimeField(blank=True, null=True)),
                ('gtr_warned_at', models.DateTimeField(blank=True, null=True)),
                ('recorded_by_name', models.CharField(max_length=150)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='perf.service')),
            ],
            options={
                'verbose_name': 'ticket de support',
                'verbose_name_plural': 'tickets de support',
                'ordering': ('-opened_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Ratio',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(choices=[('PERFM', 'PERFm'), ('PERFE', 'PERFe')], max_length=6, verbose_name='indicateur')),
                ('month', models.DateField(verbose_name='mois')),
                ('local_numerator', models.PositiveIntegerField(verbose_name='numérateur, CR locaux')),
                ('local_denominator', models.PositiveIntegerField(verbose_name='dénominateur, CR locaux')),
                ('remote_numerator', models.PositiveIntegerField(verbose_name='numérateur, CR de téléradiologie')),
                ('remote_denominator', models.PositiveIntegerField(verbose_name='dénominateur, CR de téléradiologie')),
                ('recorded_by_name', models.CharField(max_length=150)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('prestation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='perf_ratios', to='calendar_app.prestation')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saisie PERFm ou PERFe',
                'verbose_name_plural': 'saisies PERFm et PERFe',
                'ordering': ('-month', 'indicator', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('prestation', 'indicator', 'month'), name='ratio_unique', violation_error_message='Ce mois est déjà saisi pour cet indicateur.'), models.CheckConstraint(condition=models.Q(('local_numerator__lte', models.F('local_denominator')), ('remote_numerator__lte', models.F('remote_denominator'))), name='ratio_at_most_one', violation_error_message='Un numérateur dépasse son dénominateur.')],
            },
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.UniqueConstraint(condition=models.Q(('probe_id', ''), _negated=True), fields=('probe_id',), name='service_probe_unique', violation_error_message='Cette sonde surveille déjà un autre service.'),
        ),
        migrations.AddIndex(
            model_name='outageversion',
            index=models.Index(django.db.models.functions.text.Upper('reference'), name='outage_version_reference'),
        ),
        migrations.AddConstraint(
            model_name='outageversion',
            constraint=models.UniqueConstraint(fields=('organisation', 'source', 'reference'), name='outage_version_unique', violation_error_message='Cette source a déjà donné cette référence.'),
        ),
        migrations.AddConstraint(
            model_name='outageversion',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'ANS')), fields=('reference',), name='outage_version_ans_unique', violation_error_message='La supervision a déjà donné cette référence.'),
        ),
        migrations.AddConstraint(
            model_name='outageversion',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='outage_version_ends_after_start', violation_error_message='La fin vient avant le début.'),
        ),
        migrations.AddIndex(
            model_name='outage',
            index=models.Index(fields=['service', 'started_at', 'ended_at', 'standing', 'nature'], name='outage_service_start'),
        ),
        migrations.AddIndex(
            model_name='outage',
            index=models.Index(condition=models.Q(('standing', 'CONTESTEE')), fields=['contested_at'], name='outage_contested'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='outage_ends_after_start', violation_error_message='La fin vient avant le début.'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'EN_ATTENTE')), fields=('service', 'target'), name='correction_pending_once', violation_error_message='Une correction attend déjà pour cette indisponibilité.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('prestation', 'period_start', 'period_end'), name='statement_first_once', violation_error_message='Un relevé de cette période existe déjà : remplacez-le.'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(django.db.models.functions.text.Upper('reference'), name='ticket_reference'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(fields=('service', 'reference'), name='ticket_unique', violation_error_message='Ce service a déjà un ticket de cette référence.'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('responded_at', None), ('responded_at__gte', models.F('opened_at')), _connector='OR'), models.Q(('restored_at', None), ('restored_at__gte', models.F('opened_at')), _connector='OR')), name='ticket_dates_in_order', violation_error_message="Un ticket n'est ni pris en charge ni rétabli avant sa déclaration."),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('restored_at', None), ('responded_at__isnull', False), _connector='OR'), name='ticket_closed_needs_response', violation_error_message='Un ticket ne se clôt pas sans sa prise en charge.'),
        ),
    ]
