/* SPDX-License-Identifier: Apache-2.0
 * Which members of the API's answers people see, and under which heading. */
#pragma once

#include "daemon/ctl/ctl_output.h"

extern const CtlField ctl_view_cards[];
extern const CtlField ctl_view_expiring[];
extern const CtlField ctl_view_card[];
extern const CtlField ctl_view_history[];
extern const CtlField ctl_view_people[];
extern const CtlField ctl_view_person[];
extern const CtlField ctl_view_sections[];
extern const CtlField ctl_view_designations[];
extern const CtlField ctl_view_duties[];
extern const CtlField ctl_view_duty[];
extern const CtlField ctl_view_cases[];
extern const CtlField ctl_view_case[];
extern const CtlField ctl_view_notices[];
extern const CtlField ctl_view_confirmations[];
extern const CtlField ctl_view_readers[];
extern const CtlField ctl_view_inbox[];
extern const CtlField ctl_view_applications[];
extern const CtlField ctl_view_application[];
extern const CtlField ctl_view_application_lines[];
extern const CtlField ctl_view_application_steps[];
extern const CtlField ctl_view_audit[];
extern const CtlField ctl_view_checkpoints[];
extern const CtlField ctl_view_lookup[];
extern const CtlField ctl_view_holds[];
extern const CtlField ctl_view_analysis[];
extern const CtlField ctl_view_whoami[];
extern const CtlField ctl_view_ca[];
extern const CtlField ctl_view_issuers[];
extern const CtlField ctl_view_config[];
extern const CtlField ctl_view_pins[];
extern const CtlField ctl_view_wave[];
extern const CtlField ctl_view_status[];
