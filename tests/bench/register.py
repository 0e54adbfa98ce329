# SPDX-License-Identifier: Apache-2.0
# The register of 10,000 rows as PDF/A; see register_pdf.py.
import os
import subprocess
import sys

import measure
from measure import benchmark
from served import SOURCES


@benchmark('register-pdf')
def register_pdf():
    subprocess.run([sys.executable, os.path.join(SOURCES, 'tests/bench/register_pdf.py'),
                    measure.program('opcard-form'), os.path.join(SOURCES, 'forms/yoshiki03.form')], check=True)
