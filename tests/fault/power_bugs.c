/* SPDX-License-Identifier: Apache-2.0
 * power_bugs HOW FOLDER: replaces "old" by "new" in the file FOLDER/value in one right way and some
 * wrong ones, and prints "done" when it believes that the new value is safe. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SIZE 4096

static int fill(int fd, int letter)
{
	char text[SIZE];

	memset(text, letter, sizeof text);
	return write(fd, text, sizeof text) == SIZE ? 0 : -1;
}

static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY);
	int result = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return result;
}

static int replace(const char *how, const char *folder, const char *path, const char *next)
{
	int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int is_late = strcmp(how, "sync-after-rename") == 0;

	if (fd < 0 || fill(fd, 'n') != 0)
		return -1;
	if (!is_late && strcmp(how, "no-sync") != 0 && fsync(fd) != 0)
		return -1;
	if (rename(next, path) != 0 || (is_late && sync_folder(folder) != 0))
		return -1;
	if (is_late)
		puts("moment"); /* the name is durable, its contents are not */
	if (is_late && fsync(fd) != 0)
		return -1;
	close(fd);
	return strcmp(how, "no-folder-sync") == 0 ? 0 : sync_folder(folder);
}

static int overwrite(const char *path)
{
	int fd = open(path, O_WRONLY);

	return fd < 0 || fill(fd, 'n') != 0 ? -1 : close(fd);
}

int main(int argc, char **argv)
{
	char path[4096], next[4096];
	int result;

	if (argc != 3)
		return 2;
	(void) snprintf(path, sizeof path, "%s/value", argv[2]);
	(void) snprintf(next, sizeof next, "%s/value.new", argv[2]);
	result = strcmp(argv[1], "overwrite") == 0 ? overwrite(path)
						   : replace(argv[1], argv[2], path, next);
	if (result == 0)
		puts("done");
	return result == 0 ? 0 : 1;
}
