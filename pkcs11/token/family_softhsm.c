/* SPDX-License-Identifier: Apache-2.0
 * SoftHSM as a card reader. Its configuration is made here, in memory, before the module is loaded.
 * SoftHSM silently leaves out token folders that it cannot read; so the folders are counted by
 * ourselves, or a damaged card would look like a blank one and be issued over. */
#include "pkcs11/token/family_softhsm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkcs11/token/session.h"

#define SLOTS_MAX 64

/* SoftHSM reads its configuration line by line, 1 KiB each, and knows no quoting. */
#define READER_MAX 900

static bool write_configuration(int fd, const char *reader)
{
	return dprintf(fd,
		       "directories.tokendir = %s\nobjectstore.backend = file\n"
		       "slots.removable = true\nlog.level = ERROR\n",
		       reader) > 0;
}

static bool configure(const char *reader, int *ret_fd, CardFailure *ret_failure)
{
	char name[32];
	int fd = memfd_create("softhsm2.conf", MFD_CLOEXEC);

	if (fd < 0 || !write_configuration(fd, reader))
		return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM,
					"cannot write SoftHSM's configuration: %s",
					strerrordesc_np(errno));
	(void) snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	if (setenv("SOFTHSM2_CONF", name, 1) < 0)
		return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "out of memory");
	*ret_fd = fd;
	return true;
}

static bool prepare(const char *reader, ProductPaths *ret_paths, CardFailure *ret_failure)
{
	struct stat status;

	if (reader[0] != '/' || strlen(reader) > READER_MAX || strpbrk(reader, "#=\r\n") != NULL ||
	    reader[strlen(reader) - 1] == ' ')
		return card_failure_set(ret_failure, CARD_FAILURE_READER,
					"the reader must be an absolute path without # and =");
	if (stat(reader, &status) < 0 || !S_ISDIR(status.st_mode))
		return card_failure_set(ret_failure, CARD_FAILURE_READER,
					"the reader's folder is missing");
	ret_paths->write[0] = reader;
	return configure(reader, &ret_paths->keep, ret_failure);
}

/* Counts the folders in the reader and gives the last one's name and inode. False: unreadable. */
static bool count_folders(const char *reader, unsigned *ret_count, char *ret_name, ino_t *ret_inode)
{
	DIR *folder = opendir(reader);
	const struct dirent *entry;

	*ret_count = 0;
	if (folder == NULL)
		return false;
	while ((entry = readdir(folder)) != NULL) {
		struct stat status;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISDIR(status.st_mode))
			continue;
		(*ret_count)++;
		(void) snprintf(ret_name, NAME_MAX + 1, "%s", entry->d_name);
		*ret_inode = status.st_ino;
	}
	(void) closedir(folder);
	return true;
}

/* Which slots have an initialised token, and which one is the blank? */
static bool scan_slots(Session *session, CK_SLOT_ID *ret_card, CK_SLOT_ID *ret_blank,
		       unsigned *ret_cards, CardFailure *ret_failure)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;

	*ret_cards = 0;
	if (!session_read(session->p11->C_GetSlotList(CK_TRUE, slots, &count), "list the slots",
			  ret_failure))
		return false;
	for (CK_ULONG i = 0; i < count && i < SLOTS_MAX; i++) {
		CK_TOKEN_INFO info;

		/* A token that cannot tell about itself is missing in the count: damaged. */
		if (session->p11->C_GetTokenInfo(slots[i], &info) != CKR_OK)
			continue;
		if ((info.flags & CKF_TOKEN_INITIALIZED) != 0) {
			(*ret_cards)++;
			*ret_card = slots[i];
		} else {
			*ret_blank = slots[i];
		}
	}
	return true;
}

static bool find(Session *session, CK_SLOT_ID *ret_slot, CardFailure *ret_failure)
{
	CK_SLOT_ID card = 0;
	CK_SLOT_ID blank = 0;
	unsigned folders;
	unsigned cards;

	session->place[0] = '\0';
	if (!count_folders(session->reader, &folders, session->place, &session->inode))
		return card_failure_set(ret_failure, CARD_FAILURE_READER,
					"the reader's folder cannot be read");
	if (folders > 1)
		return card_failure_set(ret_failure, CARD_FAILURE_TWO_CARDS,
					"%u cards lie in the reader", folders);
	if (!scan_slots(session, &card, &blank, &cards, ret_failure))
		return false;
	if (cards != folders)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the card in the reader cannot be read (folder %s)",
					session->place);
	*ret_slot = cards == 1 ? card : blank;
	return true;
}

static bool settled(Session *session, CardFailure *ret_failure)
{
	unsigned folders;

	if (!count_folders(session->reader, &folders, session->place, &session->inode) ||
	    folders != 1)
		return card_failure_set(ret_failure, CARD_FAILURE_NO_CARD,
					"the reader changed while the card was initialised");
	return true;
}

static bool is_there(const Session *session)
{
	char name[NAME_MAX + 1];
	unsigned folders;
	ino_t inode = 0;

	if (!count_folders(session->reader, &folders, name, &inode))
		return false;
	if (session->place[0] == '\0')
		return folders == 0;
	return folders == 1 && inode == session->inode && strcmp(name, session->place) == 0;
}

const Product family_softhsm = {
	.family = "softhsm",
	.module = "/usr/lib/softhsm/libsofthsm2.so",
	.alphabet = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
		    "abcdefghijklmnopqrstuvwxyz{|}~",
	.secret_letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
	.prepare = prepare,
	.find = find,
	.settled = settled,
	.is_there = is_there,
};
