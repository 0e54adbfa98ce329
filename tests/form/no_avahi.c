/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into ippeveprinter: a printer that announces itself to nobody, and so needs neither
 * D-Bus nor Avahi. Every pointer it is given stands for nothing. */
static int nothing;

void *avahi_threaded_poll_new(void)
{
	return &nothing;
}

void *avahi_threaded_poll_get(void *poll)
{
	return poll;
}

int avahi_threaded_poll_start(void *poll)
{
	(void) poll;
	return 0;
}

void avahi_threaded_poll_lock(void *poll)
{
	(void) poll;
}

void avahi_threaded_poll_unlock(void *poll)
{
	(void) poll;
}

void *avahi_client_new(void *poll, int flags, void *callback, void *data, int *ret_error)
{
	(void) poll;
	(void) flags;
	(void) callback;
	(void) data;
	if (ret_error != 0)
		*ret_error = 0;
	return &nothing;
}

const char *avahi_client_get_host_name_fqdn(void *client)
{
	(void) client;
	return "localhost";
}

int avahi_client_errno(void *client)
{
	(void) client;
	return 0;
}

void *avahi_entry_group_new(void *client, void *callback, void *data)
{
	(void) client;
	(void) callback;
	(void) data;
	return &nothing;
}

int avahi_entry_group_commit(void *group)
{
	(void) group;
	return 0;
}

int avahi_entry_group_free(void *group)
{
	(void) group;
	return 0;
}

int avahi_entry_group_add_service_strlst(void *group, ...)
{
	(void) group;
	return 0;
}

int avahi_entry_group_add_service_subtype(void *group, ...)
{
	(void) group;
	return 0;
}
