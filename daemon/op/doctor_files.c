/* SPDX-License-Identifier: Apache-2.0
 * Secrets belong to the daemon alone; programs and forms must be there. */
#include "daemon/op/doctor_files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/ca/key_file.h"
#include "daemon/op/doctor_finding.h"

#define GROUP_BITS 077

static void check_secret(const char *path, json_t *findings)
{
	struct stat facts;

	if (stat(path, &facts) != 0)
		doctor_finding_add(
			findings, DOCTOR_ERROR,
			N_("restore it from the backup of secrets, and check the path in "
			   "the configuration"),
			N_("%s cannot be read: %s"), path, strerrordesc_np(errno));
	else if ((facts.st_mode & GROUP_BITS) != 0 || facts.st_uid != geteuid())
		doctor_finding_add(findings, DOCTOR_ERROR,
				   N_("give it to the daemon's user and take the rights of all "
				      "others away (chmod go-rwx)"),
				   N_("%s can be reached by others than the daemon (mode %04o)"),
				   path, facts.st_mode & 07777);
	else
		doctor_finding_add(findings, DOCTOR_OK, NULL, N_("%s belongs to the daemon alone"),
				   path);
}

static void check_uri(const char *uri, json_t *findings)
{
	const char *path = uri != NULL ? key_file_path(uri, NULL) : NULL;

	if (path != NULL)
		check_secret(path, findings);
}

static void check_program(const char *folder, const char *name, json_t *findings)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	if (access(path, X_OK) == 0)
		doctor_finding_add(findings, DOCTOR_OK, NULL, N_("%s is there"), path);
	else
		doctor_finding_add(findings, DOCTOR_ERROR,
				   N_("install the package again, or set libexec-dir in [daemon]"),
				   N_("%s cannot be run: %s"), path, strerrordesc_np(errno));
}

static void check_form(const char *folder, int form, json_t *findings)
{
	g_autofree char *path = g_strdup_printf("%s/yoshiki%02d.form", folder, form);

	if (access(path, R_OK) != 0)
		doctor_finding_add(findings, DOCTOR_WARN,
				   N_("install the package again, or set folder in [forms]"),
				   N_("the form %s cannot be read: %s"), path,
				   strerrordesc_np(errno));
}

void doctor_files_examine(const Config *config, const char *key_uri, json_t *findings)
{
	const char *state = config_text(config, CONFIG_STATE_DIR);
	const char *libexec = config_text(config, CONFIG_LIBEXEC_DIR);
	g_autofree char *database = g_build_filename(state, "opcard.db", NULL);

	check_secret(state, findings);
	check_secret(database, findings);
	check_uri(config_text(config, CONFIG_MASTER_KEY), findings);
	check_uri(key_uri, findings);
	check_uri(config_text(config, CONFIG_CA_PIN), findings);
	check_program(libexec, "opcard-card", findings);
	check_program(libexec, "opcard-form", findings);
	for (int form = 3; form <= 5; form++)
		check_form(config_text(config, CONFIG_FORMS_FOLDER), form, findings);
}
