"""Where Django finds the models of the rooms."""

from pilots.checklists.models import *
from pilots.prefiguration.models import *
from pilots.pv.models import *
from pilots.va.models import *
